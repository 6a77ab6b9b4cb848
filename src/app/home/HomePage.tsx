import { useId, useState, type ReactNode } from "react";

import type { Failure } from "../../core/failure.ts";
import { checkJoinCode } from "../../core/wire/receiver-setup.ts";
import { Button } from "../parts/Button.tsx";
import { Header } from "../parts/Header.tsx";
import { FailureNotice } from "../parts/Notice.tsx";

import parts from "../parts/parts.module.css";
import styles from "./home.module.css";

/** The ways in. */
export function HomePage(): ReactNode {
  return (
    <div className={parts["page"]}>
      <Header here="home" />
      <main className={styles["home"]}>
        <h1 className={styles["title"]}>A gauge for video streams</h1>
        <p className={styles["lead"]}>
          One device sends pictures that say what they are and when they were made; another reads them as they
          are shown: latency, frame rate, loss and freezes of every frame, each with how sure it is.
        </p>
        <div className={styles["ways"]}>
          <section className={`${parts["card"]} ${styles["way"]}`}>
            <h2>Send</h2>
            <p className={parts["hint"]}>
              The built-in scene, a video file, a camera or a screen, by WebRTC, HLS, WHIP, RTMP or SRT; or a
              marked file.
            </p>
            <a className={`${parts["button"]} ${parts["primary"]}`} href="/sender">
              Open the sender
            </a>
          </section>
          <JoinForm />
          <section className={`${parts["card"]} ${styles["way"]}`}>
            <h2>Score</h2>
            <p className={parts["hint"]}>
              VMAF, PSNR and SSIM of any video against its reference, or of what was recorded here, in this
              browser alone.
            </p>
            <a className={parts["button"]} href="/score">
              Score a video
            </a>
          </section>
          <section className={`${parts["card"]} ${styles["way"]}`}>
            <h2>Runs</h2>
            <p className={parts["hint"]}>
              What was kept here: one run in full, several side by side, a measure over time.
            </p>
            <a className={parts["button"]} href="/runs">
              See the runs
            </a>
          </section>
        </div>
      </main>
    </div>
  );
}

function JoinForm(): ReactNode {
  const [typed, setTyped] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const inputId = useId();
  return (
    <form
      className={`${parts["card"]} ${styles["way"]}`}
      onSubmit={(event) => {
        event.preventDefault();
        const join = checkJoinCode(typed);
        if (join.ok) location.assign(`/receiver?join=${join.value}&start=1`);
        else setFailure(join.failure);
      }}
    >
      <h2>Receive</h2>
      <div className={parts["field"]}>
        <label className={parts["fieldLabel"]} htmlFor={inputId}>
          Join code, as the sender shows it
        </label>
        <input
          autoCapitalize="characters"
          autoComplete="off"
          className={parts["input"]}
          id={inputId}
          onChange={(event) => setTyped(event.target.value)}
          placeholder="XXXX-XXXX"
          spellCheck={false}
          value={typed}
        />
      </div>
      <div className={parts["buttons"]}>
        <button className={`${parts["button"]} ${parts["primary"]}`} type="submit">
          Join
        </button>
        <Button onPress={() => location.assign("/receiver")}>Open the receiver</Button>
      </div>
      {failure !== null && <FailureNotice failure={failure} />}
    </form>
  );
}
