// How the page of a report looks, in light and in dark.

export const style = `
:root { color-scheme: light dark; --ground: #fbfaf8; --ink: #1d2430; --soft: #667085; --line: #e3e0da;
  --card: #fff; --kept: #16704a; --broken: #b3261e; --bar: #7d9cc9; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171c; --ink: #e6e8ec; --soft: #98a2b3;
  --line: #2b313b; --card: #1b2027; --kept: #4cc38a; --broken: #ff8a80; --bar: #56759f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 24px 80px; }
header { border-left: 6px solid var(--kept); padding: 4px 0 4px 20px; margin-bottom: 28px; }
header.broken { border-color: var(--broken); }
header h1 { margin: 2px 0 6px; font-size: 34px; line-height: 1.15; letter-spacing: -.02em; color: var(--kept); }
header.broken h1 { color: var(--broken); }
header p { margin: 0; color: var(--soft); max-width: 75ch; }
.over { text-transform: uppercase; letter-spacing: .08em; font-size: 12px; }
h2 { margin: 40px 0 12px; font-size: 20px; letter-spacing: -.01em; }
h3 { margin: 0 0 8px; font-size: 15px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin: 0; }
.figures div, section, details, article { background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; padding: 14px 16px; }
dt { color: var(--soft); font-size: 13px; }
dd { margin: 2px 0 0; font-size: 24px; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 12px; align-items: start; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; font-weight: 400; padding: 3px 10px 3px 0; vertical-align: top; }
thead th { color: var(--soft); font-size: 12px; border-bottom: 1px solid var(--line); }
.bars td:nth-child(2) { text-align: right; width: 1%; white-space: nowrap; }
.bars th { white-space: nowrap; width: 1%; }
.bar span { display: block; height: 10px; margin-top: 6px; border-radius: 3px; background: var(--bar); }
section { overflow-x: auto; min-width: 0; }
.wide { overflow-x: auto; margin-top: 10px; }
.points th:not(:first-child), .points td { text-align: right; width: 11%; }
.wide .times { text-align: right; }
.none { color: var(--soft); opacity: .55; }
details { margin: 8px 0; padding: 10px 16px; }
summary { cursor: pointer; color: var(--soft); }
summary b { color: var(--ink); font-weight: 600; margin-right: 6px; }
.chips { list-style: none; display: flex; flex-wrap: wrap; gap: 6px; margin: 12px 0 0; padding: 0; }
.chips li { border: 1px solid var(--line); border-radius: 999px; padding: 1px 10px; font-size: 13px; }
.failure { border-left: 4px solid var(--broken); margin: 10px 0; }
pre { overflow-x: auto; font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; margin: 8px 0 0; }
pre.command { background: var(--ground); border-radius: 6px; padding: 8px 10px; }
@media (max-width: 560px) { .bars th { white-space: normal; width: 55%; overflow-wrap: anywhere; } main { padding: 20px 14px 60px; } }
`;
