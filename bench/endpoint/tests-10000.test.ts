import { tests } from "./tests.ts";

tests(10000);
