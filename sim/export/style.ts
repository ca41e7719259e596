/** The look of a report: one sheet, readable on screen by day and night and on paper. */
export const style = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1c2430;--soft:#5d6878;--line:#dde2ea;--blue:#2563c9;--red:#c8102e;--amber:#b86a00;--green:#1f8a4c;--night:#3b4a6b1c}
@media (prefers-color-scheme:dark){:root{--bg:#12161d;--card:#1a2029;--ink:#e6eaf0;--soft:#9aa6b6;--line:#2d3643;--blue:#6ea3ff;--red:#ff6374;--amber:#f0a23c;--green:#56c98a;--night:#8aa0d01c}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif}
main{max-width:1120px;margin:0 auto;padding:28px 20px 48px}
h1{font-size:24px;margin:0 0 2px}h2{font-size:16px;margin:0 0 10px}h2 small,h1 small{font-weight:400;color:var(--soft);margin-left:8px}
.sub{color:var(--soft);margin:0 0 18px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin:0 0 16px}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(122px,1fr));gap:12px 18px;margin:0}
dt{color:var(--soft);font-size:12.5px}dd{margin:0;font-size:19px;font-variant-numeric:tabular-nums}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--ink);font-size:12px}svg .tick{fill:var(--soft);font-size:11px;text-anchor:middle}svg .tick.left{text-anchor:end}svg .tick.plain{text-anchor:start}
.grid{stroke:var(--line);fill:none}.night{fill:var(--night)}
.route{fill:none;stroke:var(--blue);stroke-opacity:.16;stroke-linejoin:round;stroke-linecap:round}
.track{fill:none;stroke:var(--blue);stroke-width:2.4;stroke-linejoin:round;stroke-linecap:round}.track.over{stroke:var(--red);stroke-width:4}
.area{fill:var(--soft);fill-opacity:.14;stroke:var(--soft)}.strip{fill:none;stroke:var(--soft);stroke-opacity:.3;stroke-linecap:round}
.area.small{fill-opacity:.55}
.area.noEntry,.area.noStopping{fill:var(--red);stroke:var(--red)}.strip.noEntry,.strip.noStopping{stroke:var(--red)}
.area.serviceArea,.area.relayPoint,.area.station,.area.hub{fill:var(--green);stroke:var(--green)}.strip.serviceArea,.strip.relayPoint,.strip.station,.strip.hub{stroke:var(--green)}
.area.speedZone,.area.riskSection{fill:var(--amber);stroke:var(--amber)}.strip.speedZone,.strip.riskSection{stroke:var(--amber)}
.end{fill:var(--card);stroke:var(--ink);stroke-width:2.5}.scale{fill:none;stroke:var(--ink);stroke-width:1.5}
.mark circle{fill:var(--soft);stroke:var(--card);stroke-width:1.5}.mark text{fill:#fff;font-size:10.5px;font-weight:600;text-anchor:middle}
.mark.critical circle,.sev.critical{--c:var(--red)}.mark.major circle{fill:var(--amber)}.mark.critical circle{fill:var(--red)}.mark.minor circle{fill:var(--blue)}
.stem{stroke:var(--soft);stroke-opacity:.45;stroke-dasharray:2 3;fill:none}
.under{fill:var(--blue);fill-opacity:.12}.speed{fill:none;stroke:var(--blue);stroke-width:1.4;stroke-linejoin:round}.limit{fill:none;stroke:var(--amber);stroke-width:1.8;stroke-dasharray:6 3}.excess{stroke:var(--red);stroke-width:1.2;stroke-opacity:.75}
.driven{fill:var(--blue)}.stint{fill:var(--green);fill-opacity:.75}.excess-bar{fill:var(--red)}.name{font-weight:600}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;color:var(--soft);font-size:12.5px;margin-top:8px}.legend i{display:inline-block;width:18px;height:4px;border-radius:2px;margin-right:6px;vertical-align:middle}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13.5px}th{text-align:left;color:var(--soft);font-weight:500;font-size:12.5px;white-space:nowrap}th,td{padding:7px 10px 7px 0;border-top:1px solid var(--line);vertical-align:top}tr:first-child th{border-top:0}
td.num{font-variant-numeric:tabular-nums;white-space:nowrap}td .en,.en{color:var(--soft)}
.sev{display:inline-block;border-radius:4px;padding:0 7px;color:#fff;background:var(--soft);white-space:nowrap;font-size:12.5px}.sev.critical{background:var(--red)}.sev.major{background:var(--amber)}.sev.minor{background:var(--blue)}
@media (prefers-color-scheme:dark){.sev,.mark text{color:#11151b;fill:#11151b}}
.none{color:var(--soft);margin:4px 0}footer{color:var(--soft);font-size:12.5px}footer p{margin:4px 0;overflow-wrap:anywhere}
@media print{body{background:#fff}section{break-inside:avoid}main{padding:0}}
`
