import { describe, expect, test } from '@jest/globals';
import { elementsText, flapScript, removalText, rulesText, type NftCut } from './nft.ts';

const cut: NftCut = { table: 'inet t', chains: ['cuts'], set: 'cut1', left: ['10.0.1.0/24'], right: ['10.0.2.1/32', '10.0.2.2/32'], how: { how: 'drop', direction: 'both' } };

describe('a cut as nft has it', () => {
  test('drops in silence, and by chance where only some is to be hit', () => {
    expect(rulesText(cut)).toContain('add rule inet t cuts ip saddr . ip daddr @cut1 counter drop comment "cut1"');
    expect(rulesText({ ...cut, how: { ...cut.how, sharePct: 12.5 } })).toContain('@cut1 numgen random mod 10000 < 1250 counter drop');
  });

  test('rejects TCP by a reset, and all else by ICMP', () => {
    const rules = rulesText({ ...cut, how: { how: 'reject', direction: 'both' } });
    expect(rules).toContain('tcp flags & rst == 0x0 counter reject with tcp reset'); // the reset itself gets out
    expect(rules).toContain('meta l4proto != { tcp, icmp } counter reject with icmpx type admin-prohibited');
    expect(rules).toContain('icmp type != destination-unreachable counter reject with icmpx type admin-prohibited');
  });

  test.each([
    ['both', ['10.0.1.0/24 . 10.0.2.1/32', '10.0.2.1/32 . 10.0.1.0/24', '10.0.1.0/24 . 10.0.2.2/32', '10.0.2.2/32 . 10.0.1.0/24']],
    ['out', ['10.0.1.0/24 . 10.0.2.1/32', '10.0.1.0/24 . 10.0.2.2/32']], ['in', ['10.0.2.1/32 . 10.0.1.0/24', '10.0.2.2/32 . 10.0.1.0/24']],
  ] as const)('%s, as the first side sees it', (direction, pairs) => {
    expect(elementsText({ ...cut, how: { how: 'drop', direction } }, 1_500)).toBe(`add element inet t cut1 { ${pairs.map((pair) => `${pair} timeout 1500ms`).join(', ')} }`);
  });

  test('comes and goes as often as there is time, and never bites longer than that', () => {
    const script = flapScript(cut, { onMs: 2_000, offMs: 1_000 }, 7_000);
    expect([...script.matchAll(/timeout (\d+)ms/g)].map((match) => match[1]).filter((_, index) => index % 4 === 0)).toEqual(['2000', '2000', '1000']);
    expect(script.match(/sleep 3\.000/g)).toHaveLength(3);
  });

  test('is taken out by the handles of its own rules alone', () => {
    const listing = 'table inet t {\n\tset cut1 {\n\t}\n\tchain cuts { # handle 1\n\t\ttype filter hook forward priority raw; policy accept;\n\t\tip saddr . ip daddr @cut1 drop comment "cut1" # handle 7\n\t\tip saddr . ip daddr @cut10 drop comment "cut10" # handle 8\n\t}\n}\n';
    expect(removalText(cut, listing)).toBe('delete rule inet t cuts handle 7\ndelete set inet t cut1\n');
    expect(removalText({ ...cut, set: 'cut2' }, listing)).toBe('');
  });
});
