package io.github.raspberryspy.sink.index;

/**
 * How much footage there is.
 *
 * @param segments number of segments
 * @param bytes their size
 * @param saved number of saved ones among them
 * @param savedBytes their size
 */
public record StorageTotals(long segments, long bytes, long saved, long savedBytes) {}
