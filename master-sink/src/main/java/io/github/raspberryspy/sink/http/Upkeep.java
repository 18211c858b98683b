package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.retention.ClockWatch;
import io.github.raspberryspy.sink.retention.RetentionPolicy;
import io.github.raspberryspy.sink.store.DiskSpace;
import java.time.Duration;

/**
 * How footage and uploads are kept, to be shown.
 *
 * @param space on the disk
 * @param policy of retention
 * @param trashGrace how long what a person deleted can be had back
 * @param uploadExpiry how long an upload may rest that nobody goes on with
 * @param troubles of the master itself
 * @param clock that ages count by
 */
public record Upkeep(
    DiskSpace space,
    RetentionPolicy policy,
    Duration trashGrace,
    Duration uploadExpiry,
    Troubles troubles,
    ClockWatch clock) {}
