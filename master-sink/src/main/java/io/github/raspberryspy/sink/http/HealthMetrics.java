package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.wire.BoardFacts;
import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.BoardHealth.Disk;
import io.github.raspberryspy.segments.wire.BoardHealth.Strain;
import io.github.raspberryspy.sink.event.CameraStatus;

/** How the board of a camera fares, for Prometheus. What it does not say is left out. */
final class HealthMetrics {

  private HealthMetrics() {}

  static void write(MetricsText text, CameraStatus status) {
    String[] camera = {"camera", status.camera()};
    versions(text, status);
    status
        .clockOffset()
        .ifPresent(
            offset ->
                text.gauge(
                    "camera_clock_offset_seconds",
                    "By how much its clock is ahead of the master's.",
                    offset.toMillis() / 1000.0,
                    camera));
    status.heartbeat().ifPresent(beat -> board(text, beat.health(), camera));
  }

  private static void versions(MetricsText text, CameraStatus status) {
    BoardFacts board = status.board();
    text.gauge(
        "camera_info",
        "1, with versions as labels.",
        1,
        "camera",
        status.camera(),
        "software",
        status.software(),
        "model",
        board.model(),
        "system",
        board.system(),
        "kernel",
        board.kernel(),
        "firmware",
        board.firmware());
  }

  private static void board(MetricsText text, BoardHealth health, String... camera) {
    health
        .temperatureC()
        .ifPresent(
            degrees ->
                text.gauge(
                    "camera_temperature_celsius",
                    "Temperature of the hottest part of its board.",
                    degrees,
                    camera));
    health
        .strains()
        .ifPresent(
            strains -> {
              for (Strain strain : Strain.values()) {
                text.gauge(
                    "camera_strain",
                    "1 where its firmware says so, with what as a label.",
                    strains.now().contains(strain) ? 1 : 0,
                    "camera",
                    camera[1],
                    "strain",
                    strain.text());
              }
            });
    health
        .wifi()
        .ifPresent(
            wifi ->
                text.gauge("camera_wifi_dbm", "Signal of its Wi-Fi.", wifi.signalDbm(), camera));
    health
        .battery()
        .ifPresent(
            battery ->
                text.gauge("camera_battery_percent", "Charge left.", battery.percent(), camera));
    health
        .memory()
        .ifPresent(
            memory ->
                text.gauge(
                        "camera_memory_bytes", "Memory of its board.", memory.totalBytes(), camera)
                    .gauge(
                        "camera_memory_available_bytes",
                        "What programs may still have of it.",
                        memory.availableBytes(),
                        camera));
    health.disk().ifPresent(disk -> disk(text, disk, camera));
    health
        .clock()
        .ifPresent(
            clock ->
                text.gauge(
                    "camera_clock_synchronised",
                    "1 while its clock is kept.",
                    clock.synchronised() ? 1 : 0,
                    camera));
    health
        .uptimeSeconds()
        .ifPresent(
            seconds ->
                text.gauge("camera_uptime_seconds", "Since its board started.", seconds, camera));
    text.gauge(
        "camera_warnings", "What is wrong with its board now.", health.warnings().size(), camera);
  }

  private static void disk(MetricsText text, Disk disk, String... camera) {
    text.gauge("camera_disk_bytes", "Size of its disk.", disk.sizeBytes(), camera);
    disk.writtenBytesADay()
        .ifPresent(
            bytes ->
                text.gauge(
                    "camera_device_written_bytes_per_day",
                    "Written to the whole device a day, by whatever program.",
                    bytes,
                    camera));
    disk.errors()
        .ifPresent(
            errors ->
                text.gauge(
                    "camera_file_system_errors",
                    "Errors that its file system has counted.",
                    errors,
                    camera));
    disk.wornPercent()
        .ifPresent(
            percent ->
                text.gauge(
                    "camera_device_worn_percent",
                    "How much of its life is used.",
                    percent,
                    camera));
  }
}
