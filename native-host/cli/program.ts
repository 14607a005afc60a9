import { Argument, Command, CommanderError, Option } from "commander";
import { SteadError } from "../../shared/errors.ts";
import { ruleFormats } from "../../shared/ruleFiles/formatNames.ts";
import { version } from "../../shared/version.ts";
import type { CliContext } from "./cliContext.ts";
import type { Answer } from "./context.ts";

type Run = (context: CliContext) => Promise<Answer>;

/** Parses the arguments and runs their command. Throws SteadError, `usage` for what was typed wrongly. */
export async function perform(args: readonly string[], context: CliContext): Promise<Answer> {
  let shown = "";
  let answer: Answer | undefined;
  const program = makeProgram(
    async (run) => {
      answer = await run(context);
    },
    (text) => {
      shown += text;
    },
  );
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.version") return { json: { version: shown.trim() }, text: shown };
    if (error.exitCode === 0) return { json: { help: shown }, text: shown };
    throw asUsageError(error);
  }
  if (!answer) throw new SteadError("usage", "Name a command.");
  return answer;
}

/**
 * Every command with its arguments, options and help; what a command does is loaded when it is run. `run` is called
 * with the command that was chosen, `show` with help and version. Without `completion` the two commands for it are left
 * out.
 */
export function makeProgram(
  run: (command: Run) => Promise<void>,
  show: (text: string) => void,
  options: { completion: boolean } = { completion: true },
): Command {
  const program = new Command("stead")
    .description("One project, one identity: in Firefox, in the terminal and in your agents.")
    .version(version)
    .option("--json", "print one JSON document and nothing else")
    .exitOverride()
    .configureOutput({ writeOut: show, writeErr: show, outputError: () => undefined })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText("after", example("stead project add acme", "stead switch acme"));

  const add = (parent: Command, usage: string, summary: string, ...examples: string[]): Command =>
    parent.command(usage).description(summary).addHelpText("after", example(...examples));

  add(program, "install", "register the native host with Firefox and its forks, for this user", "stead install", "stead install --browser librewolf")
    .option("--browser <name>", "only this browser: firefox, librewolf, waterfox, zen or floorp")
    .action((options: { browser?: string }) => run(async (context) => (await import("./commands/install.ts")).installHost(context, options)));

  add(program, "uninstall", "remove what install wrote; the store stays", "stead uninstall")
    .option("--browser <name>", "only this browser's registration")
    .action((options: { browser?: string }) => run(async (context) => (await import("./commands/uninstall.ts")).uninstallHost(context, options)));

  add(program, "doctor", "check every link from the terminal to Firefox, with a remedy for each failure", "stead doctor").action(() =>
    run(async (context) => (await import("./commands/doctor.ts")).doctor(context)),
  );

  add(program, "status", "show connected Firefox profiles, the active project, store and vault", "stead status").action(() =>
    run(async (context) => (await import("./commands/status.ts")).status(context)),
  );

  add(program, "list", "list the projects", "stead list", "stead list --json").action(() =>
    run(async (context) => (await import("./commands/list.ts")).list(context)),
  );

  add(program, "current", "name the current project", "stead current").action(() =>
    run(async (context) => (await import("./commands/current.ts")).current(context)),
  );

  add(program, "switch", "show a project's tabs and hide the other projects'", "stead switch acme", "stead switch acme --window")
    .argument("[project]", "its name; without it, a picker at a terminal")
    .option("--instance <name>", "the Firefox profile, by name or id; else the one focused last")
    .option("--window", "bind the focused window to the project")
    .option("--no-window", "unbind the focused window first")
    .option("--adopt", "take over a container of that name that Stead did not make")
    .option("--no-adopt", "make a new container beside it")
    .action((project: string | undefined, options: { instance?: string; window?: boolean; adopt?: boolean }) =>
      run(async (context) => (await import("./commands/switch.ts")).switchProject(context, project, options)),
    );

  addProjectCommands(add(program, "project", "add, rename, recolor, limit, remove and list projects, take the whole set-up elsewhere", "stead project add acme --color green"), add, run);

  addRuleCommands(add(program, "rule", "say which sites belong to which project", "stead rule add acme '*.acme.test'", "stead rule test app.acme.test"), add, run);

  add(program, "open", "open an address in a project, or where the rules say", "stead open localhost:3000 --project acme", "stead open https://app.acme.test/ --project acme --link")
    .argument("<url>", "http or https; without either, http on this machine and https elsewhere")
    .option("--project <name>", "open it there, whatever the rules say")
    .option("--instance <name>", "the Firefox profile, by name or id; else the one focused last")
    .option("--link", "print a signed link that does so from anywhere, and open nothing")
    .action((url: string, options: { project?: string; instance?: string; link?: boolean }) =>
      run(async (context) => (await import("./commands/open.ts")).openUrl(context, { url, ...options })),
    );

  add(program, "export", "write a project's session state as a file other tools take", "stead export acme --format netscape --out cookies.txt", "stead export acme --format playwright > state.json")
    .argument("<project>", "its name")
    .option("--format <format>", "playwright, netscape, wget, curl or json")
    .option("--domain <domain>", "only what concerns this host")
    .option("--out <file>", "write a file only you can read, instead of stdout")
    .action((project: string, options: { format?: string; domain?: string; out?: string }) =>
      run(async (context) => (await import("./commands/export.ts")).exportCommand(context, { project, ...options })),
    );

  add(program, "import", "read session state from a file into a project", "stead import acme cookies.txt", "stead import acme - --format playwright < state.json")
    .argument("<project>", "its name")
    .argument("<file>", "a path, or - for stdin")
    .option("--format <format>", "playwright, netscape, wget or json; else it is recognised")
    .option("--replace", "make the file the whole of the project: what it does not name is removed")
    .option("--force", "with --replace, let a file without items empty the project")
    .action((project: string, file: string, options: { format?: string; replace?: boolean; force?: boolean }) =>
      run(async (context) => (await import("./commands/import.ts")).importCommand(context, { project, file, ...options })),
    );

  add(program, "checkout", "lease a project to a program: its state, and a token to check it in with", "stead checkout acme --out state.json", "stead checkout acme --ttl 10m --holder tests --json")
    .argument("<project>", "its name")
    .option("--ttl <time>", "how long the lease lasts: 90s, 10m, 24h, 7d; 1h unless said")
    .option("--holder <name>", "who has it, for others to read")
    .option("--out <file>", "write the state to a file only you can read, instead of into the answer")
    .action((project: string, options: { ttl?: string; holder?: string; out?: string }) =>
      run(async (context) => (await import("./commands/checkout.ts")).checkout(context, { project, ...options })),
    );

  add(program, "checkin", "merge what a program did with a project it has leased", "STEAD_TOKEN=… stead checkin acme state.json", "stead checkin acme state.json --token - < token.txt")
    .argument("<project>", "its name")
    .argument("<file>", "a path, or - for stdin")
    .option("--token <token>", "of the checkout; - reads it from stdin, and without it the variable STEAD_TOKEN is it")
    .option("--format <format>", "playwright, netscape, wget or json; else it is recognised")
    .option("--keep", "go on with the lease")
    .option("--force", "let a state without items empty the project")
    .action((project: string, file: string, options: { token?: string; format?: string; keep?: boolean; force?: boolean }) =>
      run(async (context) => (await import("./commands/checkin.ts")).checkin(context, { project, file, ...options })),
    );

  addLeaseCommands(add(program, "lease", "list, renew, release and take back leases", "stead lease list", "stead lease revoke acme"), add, run);

  add(program, "history", "list what changed in a project and can be had again", "stead history acme", "stead history acme --domain app.acme.test", "stead history --max-age 60d --max-size 128")
    .argument("[project]", "its name")
    .option("--domain <domain>", "only what concerns this host")
    .option("--max-age <time>", "how long every project keeps what was changed")
    .option("--max-size <MiB>", "how much of it every project keeps")
    .action((project: string | undefined, options: { domain?: string; maxAge?: string; maxSize?: string }) =>
      run(async (context) => (await import("./commands/history.ts")).history(context, { project, ...options })),
    );

  add(program, "restore", "make a project what it was, in Firefox too", "stead restore acme --to 10m", "stead restore acme --to 117 --domain app.acme.test", "stead restore acme --to 2030-01-31T09:00")
    .argument("<project>", "its name")
    .option("--to <revision or time>", "a revision of stead history, a time, or how long ago")
    .option("--domain <domain>", "only what concerns this host")
    .option("--force", "let a state without items empty the project")
    .action((project: string, options: { to?: string; domain?: string; force?: boolean }) =>
      run(async (context) => (await import("./commands/restore.ts")).restore(context, { project, ...options })),
    );

  add(program, "forget", "destroy a project's items and their history; the project stays", "stead forget acme --domain app.acme.test")
    .argument("<project>", "its name")
    .option("--domain <domain>", "only this host and those below it")
    .action((project: string, options: { domain?: string }) =>
      run(async (context) => (await import("./commands/forget.ts")).forget(context, { project, ...options })),
    );

  add(program, "audit", "show who read or wrote what, by project and registrable domain", "stead audit --since 24h", "stead audit --project acme --json", "stead audit --max-age 180d --max-size 32")
    .option("--project <name>", "only what is about it")
    .option("--since <time>", "a time, or how long ago")
    .option("--max-age <time>", "how long it is kept")
    .option("--max-size <MiB>", "how much of it is kept")
    .action((options: { project?: string; since?: string; maxAge?: string; maxSize?: string }) =>
      run(async (context) => (await import("./commands/audit.ts")).audit(context, options)),
    );

  add(program, "lock", "forget the vault's keys, here and in every host", "stead lock", "stead lock --after 30m")
    .option("--after <time>", "do so by itself after so long without use: 90s, 30m, 8h; not now")
    .option("--never", "do not do so by itself")
    .action((options: { after?: string; never?: boolean }) => run(async (context) => (await import("./commands/lock.ts")).lock(context, options)));

  add(program, "unlock", "unlock the vault; a passphrase is asked for, or read as one line of stdin", "stead unlock").action(() =>
    run(async (context) => (await import("./commands/unlock.ts")).unlock(context)),
  );

  add(add(program, "key", "rotate the vault's keys", "stead key rotate"), "rotate", "make new keys and seal everything with them; carries on one that was cut short", "stead key rotate").action(() =>
    run(async (context) => (await import("./commands/keyRotate.ts")).rotateKey(context)),
  );

  const backup = add(program, "backup", "write the whole store to one sealed file, or restore one", "stead backup ~/stead.backup", "stead backup restore ~/stead.backup")
    .argument("[file]", "where to; restore as the first word is the command below")
    .option("--force", "replace a file that is there")
    .action((file: string | undefined, options: { force?: boolean }) =>
      run(async (context) => (await import("./commands/backup.ts")).backup(context, { file, ...options })),
    );

  add(backup, "restore", "put what a backup holds in the place of the store, with keys of its own", "stead backup restore ~/stead.backup")
    .argument("<file>", "what stead backup wrote")
    .option("--force", "also where the store has projects, or is damaged; it is kept aside")
    .action((file: string, _options: object, command: Command) =>
      run(async (context) => {
        // The parent has an option of that name, and takes it wherever it stands.
        const force = command.optsWithGlobals<{ force?: boolean }>().force === true;
        return (await import("./commands/backupRestore.ts")).restoreBackup(context, { file, force });
      }),
    );

  add(program, "verify", "decrypt everything and name what is damaged", "stead verify", "stead verify --repair")
    .option("--repair", "take what is damaged out, so that everything else opens; its bytes are kept aside")
    .action((options: { repair?: boolean }) => run(async (context) => (await import("./commands/verify.ts")).verify(context, options)));

  // The completion library adds these two by itself to the program it works on.
  if (!options.completion) return program;

  add(program, "completion", "print a completion script for a shell", 'eval "$(stead completion bash)"', "stead completion fish | source")
    .addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish", "powershell"]))
    .action((shell: string) => run(async () => (await import("./commands/completion.ts")).completion(shell)));

  // What the completion scripts call: `stead complete -- words…`.
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .action((words: string[]) => run(async (context) => (await import("./commands/complete.ts")).complete(context, words)));

  return program;
}

type Add = (parent: Command, usage: string, summary: string, ...examples: string[]) => Command;

function addProjectCommands(project: Command, add: Add, run: (command: Run) => Promise<void>): void {
  add(project, "add", "make a project", "stead project add acme --color green --icon briefcase")
    .argument("<name>", "1 to 64 visible characters")
    .addOption(new Option("--color <color>", "blue, turquoise, green, yellow, orange, red, pink, purple or toolbar"))
    .addOption(new Option("--icon <icon>", "fingerprint, briefcase, dollar, cart, vacation, gift, food, fruit, pet, tree, chill, circle or fence"))
    .action((name: string, options: { color?: string; icon?: string }) =>
      run(async (context) => (await import("./commands/projectAdd.ts")).addProject(context, name, options)),
    );

  add(project, "rename", "rename a project and its container", "stead project rename acme acme-corp")
    .argument("<project>", "its name")
    .argument("<new>", "the new name")
    .action((name: string, next: string) => run(async (context) => (await import("./commands/projectRename.ts")).renameProject(context, name, next)));

  add(project, "recolor", "give a project and its container another colour", "stead project recolor acme purple")
    .argument("<project>", "its name")
    .argument("<color>", "one of Firefox's container colours")
    .action((name: string, color: string) => run(async (context) => (await import("./commands/projectRecolor.ts")).recolorProject(context, name, color)));

  add(project, "remove", "destroy a project: its items, its rules and its key", "stead project remove acme", "stead project remove acme --yes")
    .argument("<project>", "its name")
    .option("--yes", "do not ask")
    .action((name: string, options: { yes?: boolean }) =>
      run(async (context) => (await import("./commands/projectRemove.ts")).removeProject(context, name, options)),
    );

  add(project, "ttl", "say how long a project keeps what was not changed", "stead project ttl acme 7d", "stead project ttl acme 12h --domain bank.example", "stead project ttl acme none")
    .argument("<project>", "its name")
    .argument("[time]", "90s, 10m, 24h, 7d; none: for as long as it is good")
    .option("--domain <domain>", "only what belongs to this host and those below it")
    .action((name: string, time: string | undefined, options: { domain?: string }) =>
      run(async (context) => (await import("./commands/projectTtl.ts")).projectTtl(context, { project: name, time, ...options })),
    );

  add(project, "list", "list the projects, as stead list does", "stead project list").action(() =>
    run(async (context) => (await import("./commands/list.ts")).list(context)),
  );

  add(project, "export", "write projects, rules and settings as one readable file", "stead project export --out stead.json")
    .option("--out <file>", "write a file only you can read, instead of stdout")
    .action((options: { out?: string }) => run(async (context) => (await import("./commands/projectExport.ts")).exportProjects(context, options)));

  add(project, "import", "take over what project export wrote: all of it or nothing", "stead project import stead.json", "stead project import - < stead.json")
    .argument("<file>", "a path, or - for stdin")
    .action((file: string) => run(async (context) => (await import("./commands/projectImport.ts")).importProjects(context, file)));
}

function addLeaseCommands(lease: Command, add: Add, run: (command: Run) => Promise<void>): void {
  const token = "of the checkout; - reads it from stdin, and without it the variable STEAD_TOKEN is it";

  add(lease, "list", "list the leases that are good now", "stead lease list").action(() =>
    run(async (context) => (await import("./commands/lease.ts")).listLeases(context)),
  );

  add(lease, "renew", "let a lease last from now on", "STEAD_TOKEN=… stead lease renew acme --ttl 1h")
    .argument("<project>", "its name")
    .option("--token <token>", token)
    .option("--ttl <time>", "how long: 90s, 10m, 24h, 7d; 1h unless said")
    .action((project: string, options: { token?: string; ttl?: string }) =>
      run(async (context) => (await import("./commands/lease.ts")).renewLease(context, { project, ...options })),
    );

  add(lease, "release", "end a lease without a check-in", "STEAD_TOKEN=… stead lease release acme")
    .argument("<project>", "its name")
    .option("--token <token>", token)
    .action((project: string, options: { token?: string }) =>
      run(async (context) => (await import("./commands/lease.ts")).releaseLease(context, { project, ...options })),
    );

  add(lease, "revoke", "take a project back from whoever has it", "stead lease revoke acme")
    .argument("<project>", "its name")
    .action((project: string) => run(async (context) => (await import("./commands/lease.ts")).revokeLease(context, project)));
}

function addRuleCommands(rule: Command, add: Add, run: (command: Run) => Promise<void>): void {
  add(rule, "add", "give the pages of a pattern to a project", "stead rule add acme '*.acme.test'", "stead rule add acme localhost:5170-5179 --apply", "stead rule add acme '!blog.acme.test'")
    .argument("<project>", "its name")
    .argument("<pattern>", "such as example.com, *.example.com, github.com/acme, localhost:3000, /expression/; with ! before it, not the project's")
    .option("--ask", "ask before such a page opens in the project")
    .option("--apply", "move open tabs it concerns")
    .action((project: string, pattern: string, options: { ask?: boolean; apply?: boolean }) =>
      run(async (context) => (await import("./commands/ruleAdd.ts")).addRule(context, { project, pattern, ...options })),
    );

  add(rule, "remove", "remove a rule", "stead rule remove acme '*.acme.test'")
    .argument("<project>", "its name")
    .argument("<pattern>", "as stead rule list shows it, or in another spelling")
    .action((project: string, pattern: string) => run(async (context) => (await import("./commands/ruleRemove.ts")).removeRule(context, project, pattern)));

  add(rule, "list", "list the rules", "stead rule list", "stead rule list acme --json")
    .argument("[project]", "only this one's")
    .action((project: string | undefined) => run(async (context) => (await import("./commands/ruleList.ts")).listRules(context, project)));

  add(rule, "test", "say where an address opens, and why", "stead rule test https://github.com/acme/site")
    .argument("<url>", "http or https; without either, http on this machine and https elsewhere")
    .action((url: string) => run(async (context) => (await import("./commands/ruleTest.ts")).testRules(context, url)));

  add(rule, "import", "read rules from a file, or from another container add-on in a Firefox profile", "stead rule import rules.txt", "stead rule import sites.txt --project acme", "stead rule import ~/.mozilla/firefox/abcd1234.default-release")
    .argument("<file>", "a path, the folder of a Firefox profile that is not running, or - for stdin")
    .option("--project <name>", "the project of lines that name none")
    .addOption(new Option("--format <format>", "else it is recognised").choices(ruleFormats))
    .option("--apply", "move open tabs the rules concern")
    .action((file: string, options: { project?: string; format?: string; apply?: boolean }) =>
      run(async (context) => (await import("./commands/ruleImport.ts")).importRules(context, { file, ...options })),
    );

  add(rule, "export", "write every rule as text, one a line", "stead rule export --out rules.txt", "stead rule export > rules.txt")
    .option("--out <file>", "write a file only you can read, instead of stdout")
    .action((options: { out?: string }) => run(async (context) => (await import("./commands/ruleExport.ts")).exportRules(context, options)));
}

function example(...lines: string[]): string {
  return `\nExample${lines.length > 1 ? "s" : ""}:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;
}

/** commander's words without its prefix, its suggestion as the hint, and without the value of an option it does not know. */
function asUsageError(error: CommanderError): SteadError {
  if (error.code === "commander.help") return new SteadError("usage", "Name a command.");
  // A value may hold line breaks: it goes before the lines are told apart.
  const withoutValue = error.message.replace(/option '(--[^=']*)=[^]*'/, "option '$1'").replace(/option '(-[^-])[^]*'/, "option '$1'");
  const [message = "", ...rest] = withoutValue.replace(/^error: /, "").split("\n");
  const suggestion = rest.join(" ").replace(/^\((.*)\)$/, "$1");
  return new SteadError("usage", `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? "" : "."}`, suggestion === "" ? {} : { hint: suggestion });
}
