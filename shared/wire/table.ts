import type * as z from "zod/mini";

/** One method of a protocol: what it takes and what it answers. */
export interface Method {
  readonly params: z.ZodMiniType;
  readonly result: z.ZodMiniType;
}

/** A protocol in one direction: every message that may travel, each named once. */
export type Table = Readonly<Record<string, Method>>;

export type MethodName<T extends Table> = keyof T & string;
export type Params<T extends Table, M extends keyof T> = z.infer<T[M]["params"]>;
export type Result<T extends Table, M extends keyof T> = z.infer<T[M]["result"]>;

/** One function per method of a table; what it throws travels back as an error. */
export type Handlers<T extends Table> = {
  readonly [M in keyof T]: (params: Params<T, M>) => Result<T, M> | Promise<Result<T, M>>;
};

export function method<P extends z.ZodMiniType, R extends z.ZodMiniType>(params: P, result: R): { params: P; result: R } {
  return { params, result };
}
