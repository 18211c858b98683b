package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.audio.AudioCapture;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.ClockWatch;
import io.github.raspberryspy.camera.record.SegmentAnnotator;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * What a pipeline is made of: what its builder collected, checked.
 *
 * @param name the camera's
 * @param source makes a source, not open, for each run, one that brings what the overlay needs
 * @param encoder how frames are encoded at present
 * @param overlay what is burnt in at present
 * @param recording where segments are written; empty where nothing is
 * @param audio the sound that is recorded with it; empty for none
 * @param listener one that throws nothing
 * @param retries whether a source that fails is opened again
 * @param gapReason why footage is missing since what was recorded before it
 * @param room for the packet window
 */
record PipelineSetup(
    String name,
    Supplier<CameraSource> source,
    AtomicReference<EncoderConfig> encoder,
    AtomicReference<OverlayConfig> overlay,
    Optional<Recording> recording,
    Optional<AudioCapture> audio,
    List<FrameSink> sinks,
    SegmentAnnotator annotator,
    PipelineListener listener,
    InstantSource clock,
    ClockWatch clocks,
    boolean retries,
    String gapReason,
    PreRollRoom room,
    SuperviseConfig supervision,
    Seams seams) {}
