package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.segments.Box;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be written besides the report.
 *
 * @param csv folder for a table of each file
 * @param debugVideo folder for a video of how motion was told in each file
 * @param privacy what is black in it
 * @param names of the files, without ending; of all where anything is written
 */
record Outputs(
    Optional<Path> csv, Optional<Path> debugVideo, List<Box> privacy, Map<Footage, String> names) {}
