package io.github.raspberryspy.camera.record;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What happens to a recording when its disk is full, ailing or to be spared. Immutable.
 *
 * @param reserveBytes what stays free on the disk, the oldest footage going first; 0 to never
 *     delete anything; empty for 5 % of the disk, at least 200 MB
 * @param limitBytes the most that the camera's spool holds; 0 for no limit
 * @param maxAge how old sealed footage may grow there, whether the master has it or not; zero for
 *     any age
 * @param ram a folder in memory (tmpfs) that takes the recording over while the disk fails, if
 *     there is one
 * @param ramBytes the most that is kept there, above 0
 * @param isRamFirst whether segments are written there always, and moved to the disk only when more
 *     than half of {@code ramBytes} waits for the master: spares a card, and a power cut costs what
 *     is in memory
 * @param writeBudgetBytes how much a day may be written to the disk before it is told; 0 for any
 *     amount
 */
public record StorageConfig(
    OptionalLong reserveBytes,
    long limitBytes,
    Duration maxAge,
    Optional<Path> ram,
    long ramBytes,
    boolean isRamFirst,
    long writeBudgetBytes) {

  /** What is kept in memory where nobody says how much. */
  public static final long USUAL_RAM = 128L << 20;

  /** Below this no segment fits. */
  static final long LEAST_RAM = 1L << 20;

  /** Checks ranges. */
  public StorageConfig {
    Objects.requireNonNull(ram, "ram");
    if (reserveBytes.isPresent() && reserveBytes.getAsLong() < 0) {
      throw new IllegalArgumentException(
          "a reserve of " + reserveBytes.getAsLong() + " bytes is not 0 or more");
    }
    if (limitBytes < 0) {
      throw new IllegalArgumentException("a limit of " + limitBytes + " bytes is not 0 or more");
    }
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("a greatest age of " + maxAge + " is not 0 or more");
    }
    if (writeBudgetBytes < 0) {
      throw new IllegalArgumentException(
          "a write budget of " + writeBudgetBytes + " bytes a day is not 0 or more");
    }
    if (ramBytes < LEAST_RAM) {
      throw new IllegalArgumentException(
          "memory of " + ramBytes + " bytes for segments is not " + LEAST_RAM + " or more");
    }
    if (isRamFirst && ram.isEmpty()) {
      throw new IllegalArgumentException("segments cannot go to memory first: no folder is set");
    }
  }

  /** Nothing is deleted, and there is no other place: what a program that only records wants. */
  public static StorageConfig none() {
    return new StorageConfig(
        OptionalLong.of(0), 0, Duration.ZERO, Optional.empty(), USUAL_RAM, false, 0);
  }

  /** With this much kept free. */
  public StorageConfig reserve(long bytes) {
    return new StorageConfig(
        OptionalLong.of(bytes), limitBytes, maxAge, ram, ramBytes, isRamFirst, writeBudgetBytes);
  }

  /** With footage that grows no older here. */
  public StorageConfig maxAge(Duration age) {
    return new StorageConfig(
        reserveBytes, limitBytes, age, ram, ramBytes, isRamFirst, writeBudgetBytes);
  }

  /** With this folder in memory for hard times. */
  public StorageConfig ram(Path folder, long bytes) {
    return new StorageConfig(
        reserveBytes, limitBytes, maxAge, Optional.of(folder), bytes, isRamFirst, writeBudgetBytes);
  }

  /** With segments in memory first. */
  public StorageConfig ramFirst(boolean isFirst) {
    return new StorageConfig(
        reserveBytes, limitBytes, maxAge, ram, ramBytes, isFirst, writeBudgetBytes);
  }

  /** With so many bytes a day to be written to the disk before it is told. */
  public StorageConfig writeBudget(long bytesADay) {
    return new StorageConfig(
        reserveBytes, limitBytes, maxAge, ram, ramBytes, isRamFirst, bytesADay);
  }
}
