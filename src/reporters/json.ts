import { json as print, type Reporter } from '../report.ts';

/** `report.json`: the report itself, for programs. */
export const json: Reporter = {
  kind: 'json',
  render: (report) => [{ name: 'report.json', text: print(report) }],
};
