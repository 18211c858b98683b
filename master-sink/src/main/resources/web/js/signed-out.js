// The page for people without a session: only its strings.
import { fillIn } from './strings.js';

fillIn(document);
