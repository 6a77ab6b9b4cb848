import type { ReactNode } from "react";

import type { Snapshot } from "../../core/timeline/snapshot.ts";
import { Card } from "../parts/Card.tsx";
import { Readouts } from "../parts/Readouts.tsx";
import { toPanels } from "./view.ts";

import styles from "./receiver.module.css";

/** All further figures. */
export function Panels({ measures }: { readonly measures: Snapshot }): ReactNode {
  return (
    <div className={styles["panels"]}>
      {toPanels(measures).map((panel) => (
        <Card flush key={panel.title} title={panel.title}>
          <Readouts rows={panel.rows} />
        </Card>
      ))}
    </div>
  );
}
