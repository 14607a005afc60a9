import { debianInstaller, installDebianPackages } from "./debianPackages.ts";
import { findFirefox } from "./findFirefox.ts";

const debianPackage = "firefox-esr";

/** The path of a Firefox, installed from Debian's packages when there is none and this user may. Else throws with what to do. */
export function obtainFirefox(): string {
  const found = findFirefox();
  if (found !== undefined) return found;
  const installer = debianInstaller([debianPackage]);
  switch (installer.kind) {
    case "allowed": {
      process.stderr.write("Firefox is missing; installing Debian's firefox-esr.\n");
      installDebianPackages([debianPackage], installer.prefix);
      const installed = findFirefox();
      if (installed === undefined) throw new Error("firefox-esr is installed and still not to be found on PATH.");
      return installed;
    }
    case "refused":
      throw new Error(`Firefox is missing. Install it and run npm start again:\n  ${installer.command}`);
    case "notDebian":
      throw new Error(`Firefox is missing. Install Firefox 142 or later and run npm start again:\n  ${elsewhere()}`);
  }
}

function elsewhere(): string {
  if (process.platform === "darwin") return "brew install --cask firefox";
  if (process.platform === "win32") return "winget install Mozilla.Firefox";
  return "install the package firefox with your distribution's package manager";
}
