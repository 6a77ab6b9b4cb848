import { testHead, testJournal, testObservations, appendJournal, testId } from "./journal.fake.ts";
import { createStore } from "./store.ts";

/**
 * A command that measures until it is killed: `node --import tsx kill-child.fake.ts DIRECTORY RUN`. Takes up what the one
 * before it left, says on stdout how much of that run is stored, then says of each stretch that it has written it.
 */
async function main(directory: string, number: number): Promise<void> {
  const store = createStore({ directory, databaseUrl: null });
  const opened = await store.open();
  if (!opened.ok) throw new Error(opened.failure.cause ?? opened.failure.next);
  const { failure, complaints } = await store.keeper.takeUp();
  const before = await store.ask((query) =>
    query(
      "select outcome, (select sum(row_count) from chunk where chunk.run_id = run.run_id) as count from run where run_id = $1",
      [testId(number - 1)],
    ),
  );
  process.stdout.write(
    `${JSON.stringify({ failure, complaints, before: before.ok ? (before.value[0] ?? null) : before })}\n`,
  );
  const name = `${number}.jsonl`;
  appendJournal(store.journalDirectory, name, testJournal({ number }).slice(0, 2));
  appendJournal(store.journalDirectory, name, [{ kind: "begin", run: testHead({ number }) }]);
  for (let index = 0; ; index += 30) {
    appendJournal(store.journalDirectory, name, [testObservations(number, index, 30)]);
    process.stdout.write(`${index + 30}\n`);
    await store.keeper.takeUp();
  }
}

const [, , directory = "", number = ""] = process.argv;
await main(directory, Number(number));
