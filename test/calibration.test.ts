import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pageOf } from '../src/calibrate/page.ts';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));
const page = readFileSync(`${docs}calibration.md`, 'utf8');

describe('the kept calibration', () => {
  test('its page is what its command prints of the results that are kept', async () => {
    expect(await pageOf(`${docs}calibration`, 'regionfall calibrate --out docs --series calibration --table docs/calibration.md')).toBe(page);
  });

  test('nothing was missed, every part of it was run, and of no row there is too little', () => {
    expect(page).toContain('Every planted truth lay inside its bounds, and nothing else was found.');
    expect(page).not.toContain('too few to say anything');
    expect(page).not.toContain('not run yet');
  });
});
