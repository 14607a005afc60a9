import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { debianInstaller, installDebianPackages } from "../../native-host/dev/debianPackages.ts";

/** Programs the tests run, by the Debian package that has them; of several names one is enough. */
const programs: readonly { readonly names: readonly string[]; readonly package: string }[] = [
  { names: ["firefox-esr", "firefox"], package: "firefox-esr" },
  { names: ["chromium"], package: "chromium" },
  { names: ["curl"], package: "curl" },
  { names: ["wget"], package: "wget" },
  { names: ["python3"], package: "python3" },
  { names: ["Xvfb"], package: "xvfb" },
  { names: ["openbox"], package: "openbox" },
  { names: ["xdotool"], package: "xdotool" },
  { names: ["import"], package: "imagemagick" },
  { names: ["strace"], package: "strace" },
  { names: ["dbus-run-session"], package: "dbus" },
  { names: ["gnome-keyring-daemon"], package: "gnome-keyring" },
];

/** Sees to it that every program the tests run is there, installing Debian packages where this user may. Else throws with what to install. */
export function provideNeeds(): void {
  const packages = missing();
  if (packages.length === 0) return;
  const installer = debianInstaller(packages);
  switch (installer.kind) {
    case "allowed": {
      process.stderr.write(`Installing what the tests need: ${packages.join(" ")}\n`);
      installDebianPackages(packages, installer.prefix);
      const still = missing();
      if (still.length > 0) throw new Error(`Still missing after the installation: ${still.join(" ")}`);
      return;
    }
    case "refused":
      throw new Error(`The tests need programs that are missing. Install them and try again:\n  ${installer.command}`);
    case "notDebian":
      throw new Error(`The tests need programs that are missing; Debian's packages with them are: ${packages.join(" ")}`);
  }
}

/** The packages of the programs that are not on PATH. */
function missing(): string[] {
  return programs.filter(({ names }) => !names.some(onPath)).map((program) => program.package);
}

function onPath(name: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
