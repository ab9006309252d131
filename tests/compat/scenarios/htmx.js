import htmx from "htmx.org";
import { steps } from "./htmx-steps.js";

steps(htmx);
