/** The name the extension asks Firefox for, and the only extension that may ask. */
export const applicationName = "stead";
export const extensionId = "stead@stead";

/** The native messaging manifest (MDN, "Native manifests"), as text. `wrapper` is an absolute path. */
export function manifestText(wrapper: string): string {
  const manifest = {
    name: applicationName,
    description: "Stead: every project its own identity",
    path: wrapper,
    type: "stdio",
    allowed_extensions: [extensionId],
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** What a manifest file says, undefined when it is not one of Stead's. */
export function readManifest(text: string): { path: string } | undefined {
  const value = parsed(text);
  if (value === null || typeof value !== "object" || !("name" in value) || !("allowed_extensions" in value)) return undefined;
  const extensions: unknown = value.allowed_extensions;
  if (value.name !== applicationName || !Array.isArray(extensions) || !extensions.includes(extensionId)) return undefined;
  return { path: "path" in value && typeof value.path === "string" ? value.path : "" };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
