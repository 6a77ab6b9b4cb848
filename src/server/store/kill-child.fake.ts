import { testHead, testJournal, testObservations, appendJournal, testId } from "./journal.fake.ts";
import { createStore } from "./store.ts";

/**
 * A command that measures and stores until it is killed: `node --import tsx kill-child.fake.ts DIRECTORY RUN`. On stdout
 * `begins` before it opens the store, then what the runs before it left there, then of each stretch that it has written it.
 */
async function main(directory: string, number: number): Promise<void> {
  const store = createStore({ directory, databaseUrl: null });
  process.stdout.write("begins\n");
  const opened = await store.open();
  if (!opened.ok) throw new Error(opened.failure.cause ?? opened.failure.next);
  const { failure, complaints } = await store.keeper.takeUp();
  const runs = await store.ask((query) =>
    query(
      "select run_id, run.outcome, coalesce(sum(row_count), 0) as count from run left join chunk using (run_id) group by run_id",
    ),
  );
  process.stdout.write(`${JSON.stringify({ failure, complaints, runs: runs.ok ? runs.value : [] })}\n`);
  const name = `${number}.jsonl`;
  appendJournal(store.journalDirectory, name, testJournal({ number }).slice(0, 2));
  appendJournal(store.journalDirectory, name, [{ kind: "begin", run: testHead({ number }) }]);
  for (let index = 0; ; index += 30) {
    appendJournal(store.journalDirectory, name, [testObservations(number, index, 30)]);
    process.stdout.write(`${testId(number)} ${index + 30}\n`);
    await store.keeper.takeUp();
  }
}

const [, , directory = "", number = ""] = process.argv;
await main(directory, Number(number));
