import { colors, icons } from "../models.ts";
import type { Container } from "./types.ts";

/** What an add-on keeps in storage.local, by key, as `browser.storage.local.get()` gives it. */
export type StorageArea = Readonly<Record<string, unknown>>;

/** A container of a Firefox profile. */
export interface ProfileContainer extends Container {
  userContextId: number;
}

export interface StorageOptions {
  /** The profile's containers, where they are known. */
  containers?: readonly ProfileContainer[] | undefined;
  /** The line a key stands in; null where there are no lines. */
  lineOf: (key: string) => number | null;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** `firefox-container-4` is 4, the default container 0; undefined for anything else. */
export function userContextIdOf(cookieStoreId: unknown): number | undefined {
  if (cookieStoreId === "firefox-default") return 0;
  const digits = typeof cookieStoreId === "string" ? /^firefox-container-(\d{1,10})$/.exec(cookieStoreId)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

/** A container with what of its look a project may have. Firefox 153 renamed two colours and added one. */
export function containerOf(name: string, color: unknown, icon: unknown): Container {
  const renamed: unknown = typeof color === "string" && Object.hasOwn(olderNames, color) ? olderNames[color] : color;
  return { name, color: colors.find((one) => one === renamed), icon: icons.find((one) => one === icon) };
}

const olderNames: Readonly<Record<string, string>> = { cyan: "turquoise", gray: "toolbar", violet: "purple" };
