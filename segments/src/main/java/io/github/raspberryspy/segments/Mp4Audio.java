package io.github.raspberryspy.segments;

/**
 * The sound beside the pictures of a fragmented MP4 file.
 *
 * @param format what it is
 * @param packets number of encoded packets in the whole fragments
 * @param startUs when the first one starts, microseconds on the clock of the pictures' decode times
 * @param endUs when the last one ends
 * @param isWhole whether all that the fragments say of it makes sense; where not, the file is still
 *     its pictures
 */
public record Mp4Audio(
    AudioFormat format, long packets, long startUs, long endUs, boolean isWhole) {}
