import $ from "jquery";
import { steps } from "./jquery-steps.js";

steps($);
