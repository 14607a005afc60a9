import type { PageEvent } from "../../core/page/pageModel.ts";

export type Send = (event: PageEvent) => void;
