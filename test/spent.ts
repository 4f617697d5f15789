/** What a piece of work cost this process in processor time (ms). A busy machine makes work last longer, not cost more. */
export async function spentMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
