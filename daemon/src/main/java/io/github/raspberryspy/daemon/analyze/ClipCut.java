package io.github.raspberryspy.daemon.analyze;

import java.nio.file.Path;

/**
 * A clip that was cut.
 *
 * @param clip the file
 * @param source the file in which its event begins
 * @param startSeconds when the event begins, since that file's first picture
 * @param endSeconds when it ends, likewise
 */
record ClipCut(Path clip, Footage source, double startSeconds, double endSeconds) {}
