import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DrillError } from '../../errors.ts';
import { fillIn, parse } from './template.ts';

const image = z.string().min(1);
const imagesSchema = z.strictObject({
  node: image, runtime: image, mysql: image,
  istio: z.strictObject({ hub: image, tag: image, values: z.record(z.string(), z.unknown()) }),
  inside: z.array(image),
});
/** Every image of a drill on kind, and what Istio is told beside what `clusters/istio/operator.yaml` says. */
export type Images = z.output<typeof imagesSchema>;

/** The images of `clusters/images.yaml`, with those of the file that REGIONFALL_IMAGES names laid over them. Throws a DrillError (`wrong`) that names the file and every wrong entry. */
export async function readImages(overrideFile: string | undefined = process.env['REGIONFALL_IMAGES'] || undefined): Promise<Images> {
  const own = parse<Record<string, unknown>>(await fillIn('images.yaml', {}));
  if (overrideFile === undefined) return imagesSchema.parse(own);
  const text = await readFile(overrideFile, 'utf8').catch((cause: unknown) => { throw new DrillError('wrong', { message: 'the file of images cannot be read', file: overrideFile, hint: 'it is named by --images or REGIONFALL_IMAGES' }, { cause }); });
  let over: unknown;
  try { over = parse(text); } catch (cause) { throw new DrillError('wrong', { message: `not YAML: ${cause instanceof Error ? cause.message : String(cause)}`, file: overrideFile }, { cause }); }
  const parsed = imagesSchema.safeParse(layOver(own, over as Record<string, unknown>));
  if (!parsed.success) throw new DrillError('wrong', parsed.error.issues.map((issue) => ({ message: `${issue.path.join(' > ')}: ${issue.message}`, file: overrideFile, hint: 'clusters/images.yaml shows the form' })));
  return parsed.data;
}

/** The images that the nodes of a cluster must be able to get. */
export function imagesOfCluster({ mysql, istio }: Images): readonly string[] {
  return [mysql, `${istio.hub}/pilot:${istio.tag}`, `${istio.hub}/proxyv2:${istio.tag}`];
}

/** `over` laid over `under`, maps key by key, everything else whole. */
export function layOver(under: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) merged[key] = isMap(value) && isMap(merged[key]) ? layOver(merged[key], value) : value;
  return merged;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
