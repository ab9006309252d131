import $ from "jquery3";
import { steps } from "./jquery-steps.js";

steps($);
