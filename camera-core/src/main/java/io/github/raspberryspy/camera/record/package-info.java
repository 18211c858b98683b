/**
 * From packets to segments on disk: {@link io.github.raspberryspy.camera.record.SegmentRecorder}
 * decides when a segment begins and ends, {@link io.github.raspberryspy.camera.record.SegmentMuxer}
 * makes fragmented MP4 of packets, {@link io.github.raspberryspy.camera.record.SegmentWriter} makes
 * the bytes durable, and {@link io.github.raspberryspy.camera.record.SpoolRecovery} finishes what a
 * crash left.
 */
package io.github.raspberryspy.camera.record;
