import { useMemo, type ReactNode } from "react";

import { qrModules } from "../../core/marker/qr.ts";
import { modulePath, quietModules } from "./qr-path.ts";

import styles from "./parts.module.css";

/** A text as a QR for another device to scan: dark on white in both themes, with its quiet zone. */
export function QrPicture(props: { readonly text: string; readonly label: string }): ReactNode {
  const { text } = props;
  const { path, sideModules } = useMemo(() => {
    const modules = qrModules(text);
    return { path: modulePath(modules), sideModules: modules.sideCount + 2 * quietModules };
  }, [text]);
  return (
    <svg
      aria-label={props.label}
      className={styles["qr"]}
      role="img"
      shapeRendering="crispEdges"
      viewBox={`0 0 ${sideModules} ${sideModules}`}
    >
      <rect fill="#fff" height={sideModules} width={sideModules} />
      <path d={path} fill="#000" />
    </svg>
  );
}
