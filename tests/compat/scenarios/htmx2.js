import htmx from "htmx2";
import { steps } from "./htmx-steps.js";

steps(htmx);
