import type { FrameFigures, ScoreReport } from "../../core/quality/score-report.ts";

const rows: readonly (readonly [name: keyof FrameFigures, label: string, digits: number])[] = [
  ["vmaf", "VMAF", 2],
  ["vmafNeg", "VMAF NEG", 2],
  ["vmafPhone", "VMAF phone", 2],
  ["psnrY", "PSNR Y (dB)", 2],
  ["ssim", "SSIM", 4],
  ["msSsim", "MS-SSIM", 4],
];
const columns = ["mean", "harmonicMean", "p1", "p5", "p10", "min"] as const;

/** A report as a terminal shows it. */
export function showReport(report: ScoreReport): string {
  const { coverage, reference, distorted, widthPx, heightPx, frames } = report;
  const head = ["", "mean", "harmonic", "p1", "p5", "p10", "min"];
  const lines = rows.flatMap(([name, label, digits]) => {
    const of = report.pooled[name];
    return of === undefined ? [] : [[label, ...columns.map((column) => of[column].toFixed(digits))]];
  });
  const table = [head, ...lines].map(([label = "", ...cells]) =>
    `  ${label.padEnd(12)}${cells.map((cell) => cell.padStart(10)).join("")}`.trimEnd(),
  );
  const worst = frames.toSorted((one, other) => one.vmaf - other.vmaf).slice(0, 3);
  const how = coverage.pairedBy === "marker" ? "by marker" : `by index, offset ${coverage.offset}`;
  const left = [
    [coverage.unreadCount, "unread"],
    [coverage.repeatedCount, "shown again"],
    [coverage.strangerCount, "without reference"],
  ] as const;
  const rest = left.filter(([count]) => count > 0).map(([count, why]) => `${count} ${why}`);
  const unscored = rest.length === 0 ? "" : `, not scored: ${rest.join(", ")}`;
  const part = report.isComplete ? [] : ["A part only was scored: a decoder broke down."];
  return [
    ...part,
    `${distorted} against ${reference}: ${coverage.scoredCount} of ${coverage.receivedCount} frames received scored${unscored}; ${coverage.spannedCount} frames in that stretch of the reference, ${widthPx}x${heightPx}, paired ${how}`,
    ...table,
    `  worst: ${worst.map(({ frame, vmaf }) => `frame ${frame} ${vmaf.toFixed(2)}`).join(", ")}`,
    `  ${report.model}`,
    `  decoded by ${report.decoder}${report.scaledBy === null ? "" : `, scaled: ${report.scaledBy}`}`,
    ...report.notes.map((note) => `  ${note}`),
  ].join("\n");
}
