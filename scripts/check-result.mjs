/** The last step of each check: what is wrong, one line each, and an exit code. */
export function finish(name, problems) {
  for (const problem of problems) console.log(problem);
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  console.log(`${name}: ${problems.length === 0 ? 'ok' : count}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
