/** The style sheet of the report. Light and dark by preference; colours are pairs with a contrast of at least 4.5. */
export const styleSheet = `:root {
  --ground: #f6f5f1; --paper: #ffffff; --sunken: #f1efe9; --ink: #1e2126; --soft: #565c65; --line: #dedbd3; --link: #1f5a96;
  --good: #17714a; --good-wash: #e4f3ea; --bad: #b0271d; --bad-wash: #fbe9e6; --warn: #7d5200; --warn-wash: #fbf0d9;
  --odd: #5b479f; --odd-wash: #efebfa; --mark: #ffd2ca; --mark-ink: #7a140c; --shade: 0 1px 2px rgb(30 33 38 / 6%), 0 6px 20px rgb(30 33 38 / 5%);
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #131519; --paper: #1b1e24; --sunken: #14171b; --ink: #e9e7e2; --soft: #a5abb5; --line: #323741; --link: #8ebcf0;
    --good: #62cb96; --good-wash: #17332a; --bad: #ff958a; --bad-wash: #3c2220; --warn: #e6b955; --warn-wash: #382d16;
    --odd: #b9a6f5; --odd-wash: #2a2540; --mark: #7a2a22; --mark-ink: #ffe3df; --shade: none;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 var(--sans); overflow-wrap: anywhere; }
main { max-width: 66rem; margin: 0 auto; padding: 1.25rem clamp(0.9rem, 3vw, 2rem) 4rem; outline: none; }
h1, h2, h3, h4, p, dl, ul, ol, pre, table { margin: 0; }
h1 { font-size: clamp(1.7rem, 4.5vw, 2.6rem); line-height: 1.15; letter-spacing: -0.02em; font-weight: 680; text-wrap: balance; }
h2 { font-size: 1.35rem; letter-spacing: -0.01em; margin: 3rem 0 1rem; }
h2 .none { font-size: 0.95rem; font-weight: 400; letter-spacing: 0; margin-left: 0.35rem; }
a { color: var(--link); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
code, pre, .path { font-family: var(--mono); font-size: 0.86em; unicode-bidi: isolate; }
pre { white-space: pre-wrap; background: var(--sunken); border: 1px solid var(--line); border-radius: 8px; padding: 0.6rem 0.8rem; tab-size: 2; line-height: 1.5; }
table { border-collapse: collapse; width: 100%; font-size: 0.94rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.75rem; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--soft); font-size: 0.82rem; border-bottom-color: var(--line); padding-top: 0.2rem; white-space: nowrap; }
tbody tr:last-child > *, tfoot tr:last-child > * { border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.none { color: var(--soft); font-weight: 400; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.jump { position: absolute; left: 1rem; top: -4rem; background: var(--paper); padding: 0.5rem 1rem; border-radius: 8px; z-index: 2; }
.jump:focus { top: 1rem; }
.sign { font-weight: 700; } .sign.pass { color: var(--good); } .sign.fail { color: var(--bad); } .sign.error { color: var(--odd); }
.sign.skip, .sign.open { color: var(--soft); } .sign.known { color: var(--warn); }

.hero, .facts, .board, .failure, .groups, .rest, details.file, .warnings, .legend, details.more { background: var(--paper); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shade); }
.hero { padding: clamp(1.1rem, 3vw, 2rem); border-top: 6px solid var(--soft); }
.hero.good { border-top-color: var(--good); } .hero.bad { border-top-color: var(--bad); } .hero.open { border-top-color: var(--warn); }
.hero.good h1 { color: var(--good); } .hero.bad h1 { color: var(--bad); } .hero.open h1 { color: var(--warn); }
.brand { display: flex; align-items: center; gap: 0.5rem; margin-bottom: 1.1rem; color: var(--soft); } .brand b { color: var(--ink); }
.when { color: var(--soft); margin: 0.35rem 0 1.2rem; }
.share { display: block; width: 100%; height: 14px; }
.counts { display: flex; flex-wrap: wrap; gap: 0.5rem 0.6rem; list-style: none; padding: 0; margin-top: 1.1rem; }
.counts a { display: inline-block; padding: 0.28rem 0.75rem; border-radius: 99px; text-decoration: none; color: var(--ink); background: var(--sunken); border: 1px solid var(--line); }
.counts a:hover { border-color: currentcolor; } .counts b { font-variant-numeric: tabular-nums; }
.counts .fail a { color: var(--bad); background: var(--bad-wash); } .counts .error a { color: var(--odd); background: var(--odd-wash); }
.counts .pass a { color: var(--good); background: var(--good-wash); } .counts .known a, .counts .near a { color: var(--warn); background: var(--warn-wash); }
.notice { margin-top: 1rem; padding: 0.8rem 1.1rem; border-radius: 10px; background: var(--warn-wash); color: var(--warn); border: 1px solid currentcolor; }
.facts { margin-top: 1rem; padding: 0.9rem 1.25rem; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15.5rem, 100%), 1fr)); gap: 0.9rem 1.5rem; }
.facts dt { color: var(--soft); font-size: 0.82rem; } .facts dd { margin: 0; font-size: 0.95rem; } .facts .long { font-size: 0.72rem; line-height: 1.3; display: inline-block; }

.board tbody:not(:first-of-type) tr:first-child > * { border-top: 1px solid var(--line); }
.board th[scope="rowgroup"] { min-width: 7.5rem; overflow-wrap: anywhere; } .board th[scope="rowgroup"], .board th[scope="row"] { font-weight: 600; } .board th .none { font-size: 0.86rem; }
.board tbody tr > * { border-bottom-color: color-mix(in srgb, var(--line) 55%, transparent); } .board th[scope="rowgroup"] { border-bottom: 0; }
.board img { display: block; margin-top: 0.5rem; } .board .missing { color: var(--warn); font-style: italic; }
.groups { margin-bottom: 1.5rem; padding-bottom: 0.3rem; overflow: hidden; } .groups h3 { font-size: 1rem; padding: 0.8rem 0.75rem 0.4rem; }
.board, .rest { border-collapse: separate; border-spacing: 0; padding-top: 0.4rem; }
.rest td:first-child { white-space: nowrap; }

.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 0.9rem; align-items: start; }
.chart, .runs { background: var(--paper); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shade); margin: 0; } .chart { padding: 0.8rem 0.9rem; font-size: 0.94rem; } .chart img { display: block; max-width: 100%; height: auto; margin: 0.5rem auto; } .chart figcaption { line-height: 1.4; } .chart .none { font-size: 0.86rem; }
.runs { border-collapse: separate; border-spacing: 0; font-size: 0.88rem; padding: 0.5rem 0; max-height: 16rem; } .runs td, .runs th { padding: 0.22rem 0.75rem; } .runs tbody > tr > * { border-bottom: 0; }
.find { display: flex; flex-wrap: wrap; gap: 0.5rem 0.8rem; align-items: center; margin: 2.2rem 0 -1.2rem; padding: 0.6rem 0.9rem; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shade); }
.find input[type="search"] { flex: 1 1 14rem; min-width: 0; font: inherit; padding: 0.35rem 0.7rem; color: var(--ink); background: var(--sunken); border: 1px solid var(--soft); border-radius: 8px; } .find input::placeholder { color: var(--soft); opacity: 1; } .find label { white-space: nowrap; } .find output { color: var(--soft); font-size: 0.9rem; } [hidden] { display: none !important; }

.failure { margin-bottom: 1.5rem; padding: 1.1rem clamp(0.9rem, 2.5vw, 1.5rem) 1.2rem; border-left: 5px solid var(--bad); outline: none; }
.failure.error { border-left-color: var(--odd); }
.failure:target { box-shadow: 0 0 0 3px var(--link); }
.failure h3 { font-size: 1.16rem; line-height: 1.35; margin: 0.15rem 0 0.25rem; } .failure h3 a { color: inherit; text-decoration: none; } .failure h3 a:hover { text-decoration: underline; }
.crumbs { font-size: 0.88rem; color: var(--soft); }
.badge { display: inline-block; font-weight: 650; font-size: 0.8rem; padding: 0.05rem 0.55rem; border-radius: 99px; margin-right: 0.3rem; background: var(--bad-wash); color: var(--bad); }
.badge.error { background: var(--odd-wash); color: var(--odd); }
.meta { display: flex; flex-wrap: wrap; gap: 0.15rem 0.9rem; color: var(--soft); font-size: 0.88rem; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 6px; padding: 0 0.4rem; font-size: 0.8rem; color: var(--soft); }
.first { margin-top: 0.9rem; padding: 0.6rem 0.9rem; border-radius: 10px; background: var(--bad-wash); } .first b { color: var(--bad); }
.say { margin-top: 0.8rem; white-space: pre-wrap; }
.stage { margin-top: 1.1rem; } .stage h4 { font-size: 1rem; margin-bottom: 0.4rem; } .stage h4 .none { font-size: 0.82rem; margin-left: 0.3rem; }
.input { margin-bottom: 0.4rem; max-height: 12rem; overflow-y: auto; }
.fields td, .fields th { padding: 0.32rem 0.7rem; } .fields td code { white-space: pre-wrap; font-variant-numeric: tabular-nums; }
.fields tbody th { font-weight: 600; min-width: 11rem; } .fields .sign { width: 1.6rem; text-align: center; color: var(--soft); padding-left: 0.4rem; padding-right: 0; }
.fields .mismatch > * { background: var(--bad-wash); } .fields .mismatch .sign { color: var(--bad); } .fields .differs .sign { color: var(--warn); }
.fields .differs > * { background: var(--warn-wash); } .fields .same > *, .fields .close > * { color: var(--soft); } .fields .same th { font-weight: 400; }
.fields .delta { font-size: 0.88rem; font-variant-numeric: tabular-nums; } .fields .kind { color: var(--bad); }
.fields .hint td { color: var(--soft); font-size: 0.88rem; padding-top: 0.2rem; } .fields .mismatch .none { color: inherit; }
mark { background: var(--mark); color: var(--mark-ink); border-radius: 3px; padding: 0 0.08em; }
.fault { margin-top: 0.9rem; padding: 0.7rem 0.9rem; background: var(--odd-wash); border-radius: 10px; } .fault b { color: var(--odd); } .fault pre { margin-top: 0.5rem; max-height: 20rem; overflow-y: auto; }
.assertion { margin-top: 1rem; } .assertion pre { margin-top: 0.5rem; } .diff .minus { color: var(--good); } .diff .plus { color: var(--bad); }
.frame { color: var(--soft); } .frame b { color: var(--ink); }
.repro { margin-top: 1.1rem; } .repro .none { font-size: 0.88rem; margin-bottom: 0.25rem; } .copy { user-select: all; -webkit-user-select: all; margin-top: 0.35rem; }
details.more { margin-top: 1rem; padding: 0.55rem 0.9rem; border-radius: 10px; box-shadow: none; } details.more > *:not(summary) { margin-top: 0.6rem; } details.agreeing { margin-top: 0; border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 0.35rem 0.4rem; } details.agreeing summary { color: var(--soft); font-size: 0.9rem; } .more pre { max-height: 30rem; overflow-y: auto; }
summary { cursor: pointer; } details.file { margin-bottom: 0.5rem; padding: 0.5rem 0.9rem; border-radius: 10px; box-shadow: none; } details.file img { vertical-align: middle; margin: 0 0.3rem; } details.file table { margin-top: 0.6rem; } details.file .path { display: inline-block; min-width: min(24rem, 60%); }
.tests td:first-child { width: 2rem; } .tests tr:target { background: var(--warn-wash); }
.plain, .warnings { padding: 0.8rem 1.2rem 0.8rem 2.2rem; } .warnings li + li { margin-top: 0.5rem; }
.legend { padding: 0.9rem 1.25rem; } .legend div { display: grid; grid-template-columns: 7.5rem 1fr; gap: 0.25rem 1rem; padding: 0.3rem 0; } .legend dt { font-weight: 600; } .legend dd { margin: 0; color: var(--soft); }
footer { margin-top: 3rem; color: var(--soft); font-size: 0.88rem; }

nav ul, nav ol { list-style: none; margin: 0; padding: 0; }
nav { max-width: 66rem; margin: 0 auto; padding: 0.9rem clamp(0.9rem, 3vw, 2rem) 0; font-size: 0.92rem; } nav > ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; } nav a { text-decoration: none; } nav a:hover { text-decoration: underline; } nav ol { display: none; }
@media (min-width: 80rem) {
  body { display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
  main { margin: 0; padding-top: 1.5rem; width: 100%; max-width: 72rem; }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; margin: 0; padding: 1.8rem 0 2rem 1.6rem; }
  nav > ul { display: block; } nav > ul > li { margin-bottom: 0.5rem; } nav > ul > li > a { font-weight: 600; }
  nav ol { display: block; margin: 0.4rem 0 1rem; font-size: 0.84rem; line-height: 1.35; } nav ol a { display: block; padding: 0.22rem 0; color: var(--soft); }
}
@media (max-width: 44rem) {
  .fields, .fields tbody, .fields tr, .fields td, .fields th { display: block; border: 0; } .fields thead { display: none; }
  .fields tbody tr { border-bottom: 1px solid var(--line); padding: 0.35rem 0; position: relative; } .fields tr.mismatch { background: var(--bad-wash); } .fields tr.differs { background: var(--warn-wash); }
  .fields tbody th { min-width: 0; } .fields td, .fields th { padding: 0.08rem 0.6rem 0.08rem 2rem; } .fields td.sign { position: absolute; left: 0.5rem; top: 0.4rem; padding: 0; width: auto; }
  .fields td[data-label]::before { content: attr(data-label) " "; display: inline-block; min-width: 5.6rem; color: var(--soft); font-size: 0.82rem; } .fields td.delta:empty, .fields td.absent, .fields .same td[data-label="reference"], .fields .close td[data-label="reference"] { display: none; }
  .board, .board tbody, .board tr, .board td, .board th { display: block; border: 0; } .board thead { display: none; } .board tbody { padding: 0.5rem 0; border-top: 1px solid var(--line); }
  .board td, .board th { padding: 0.1rem 0.9rem; } .board .number { text-align: left; display: inline-block; padding-right: 0; } .board th[scope="row"] { margin-top: 0.4rem; }
  .groups table, .groups tbody, .groups tr, .groups td { display: block; border: 0; } .groups thead { display: none; } .groups tr { padding: 0.5rem 0.4rem; border-top: 1px solid var(--line); } .groups td { padding: 0.1rem 0.6rem; } .groups .number { text-align: left; } .groups .number::after { content: " " attr(data-label); color: var(--soft); }
  .legend div { grid-template-columns: 1fr; } .rest, .rest tbody, .rest tr, .rest td { display: block; border: 0; } .rest thead { display: none; } .rest tr { padding: 0.5rem 0.6rem; border-bottom: 1px solid var(--line); } .rest td { padding: 0.1rem 0.3rem; }
  th, td { padding-left: 0.5rem; padding-right: 0.5rem; }
}
@media print {
  :root { --ground: #fff; --shade: none; } nav, .jump { display: none; } body { display: block; font-size: 10.5pt; } main { max-width: none; padding: 0; }
  .failure, tr, .hero, .facts { break-inside: avoid; } h2, h3, h4 { break-after: avoid; } .input, .more pre, .fault pre { max-height: none; overflow: visible; }
}
`;
