package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.audio.AudioCapture;
import io.github.raspberryspy.camera.audio.AudioConfig;
import io.github.raspberryspy.camera.audio.AudioSource;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.internal.Natives;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.ClockWatch;
import io.github.raspberryspy.camera.record.EventMode;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.record.SegmentAnnotator;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentId;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Collects what a {@link CameraPipeline} is made of. For one thread. */
public final class CameraPipelineBuilder {

  private String name = "camera";
  private String source;
  private Supplier<CameraSource> sources;
  private EncoderConfig encoder = EncoderConfig.h264();
  private OverlayConfig overlay = OverlayConfig.none();
  private RecorderConfig recorder;
  private AudioConfig audio;
  private Supplier<AudioSource> audioSources;
  private final List<FrameSink> sinks = new ArrayList<>();
  private SegmentAnnotator annotator = SegmentAnnotator.NOBODY;
  private PipelineListener listener = new PipelineListener() {};
  private InstantSource clock = Clock.systemUTC();
  private BooleanSupplier clockIsSet = () -> true;
  private boolean retries;
  private String gapReason = Gap.RESTART;
  private SuperviseConfig supervision = SuperviseConfig.stallsOnly();
  private Seams seams = Seams.none();

  CameraPipelineBuilder() {}

  /** The camera's name, which its files carry; default {@code camera}. */
  public CameraPipelineBuilder name(String newName) {
    name = SegmentId.requireCameraName(newName);
    return this;
  }

  /** Where pictures come from: a URI, see {@link Sources}. Required. */
  public CameraPipelineBuilder source(String uri) {
    source = Objects.requireNonNull(uri, "source");
    return this;
  }

  /** Where pictures come from: each run asks for a new one. For tests. */
  CameraPipelineBuilder source(Supplier<CameraSource> newSources) {
    sources = Objects.requireNonNull(newSources, "sources");
    return this;
  }

  /** How video is encoded; default {@link EncoderConfig#h264}. */
  public CameraPipelineBuilder encoder(EncoderConfig config) {
    encoder = Objects.requireNonNull(config, "encoder");
    return this;
  }

  /**
   * Burns this into every recorded picture and every snapshot; default nothing. Sinks see frames as
   * they were captured. An H.264 source is then decoded and encoded anew.
   */
  public CameraPipelineBuilder overlay(OverlayConfig config) {
    overlay = Objects.requireNonNull(config, "overlay");
    return this;
  }

  /** Records into a spool; without it nothing is written. */
  public CameraPipelineBuilder record(RecorderConfig config) {
    recorder = Objects.requireNonNull(config, "recorder");
    return this;
  }

  /**
   * Records this sound with the pictures of a live source; default none. Where it is missing,
   * silence is recorded and a fault told.
   */
  public CameraPipelineBuilder audio(AudioConfig config) {
    audio = Objects.requireNonNull(config, "audio");
    return this;
  }

  /** Records what these hear, one opened after the other. For tests. */
  CameraPipelineBuilder audio(AudioConfig config, Supplier<AudioSource> newSources) {
    audioSources = Objects.requireNonNull(newSources, "sources");
    return audio(config);
  }

  /** Shows every frame to this sink as well. */
  public CameraPipelineBuilder sink(FrameSink sink) {
    sinks.add(Objects.requireNonNull(sink, "sink"));
    return this;
  }

  /** Asks this one what moved, when a segment is sealed. */
  public CameraPipelineBuilder annotator(SegmentAnnotator newAnnotator) {
    annotator = Objects.requireNonNull(newAnnotator, "annotator");
    return this;
  }

  /** Tells this one what happens. */
  public CameraPipelineBuilder listener(PipelineListener newListener) {
    listener = Objects.requireNonNull(newListener, "listener");
    return this;
  }

  /** The wall clock; default the system's. */
  public CameraPipelineBuilder clock(InstantSource newClock) {
    clock = Objects.requireNonNull(newClock, "clock");
    return this;
  }

  /**
   * Whether the system says that its wall clock is set; default always yes. While it is not, what
   * is filmed is labelled as such, and dated anew once it is. Called on {@code record-CAMERA} and
   * {@code capture-CAMERA}.
   */
  public CameraPipelineBuilder clockIsSet(BooleanSupplier isSet) {
    clockIsSet = Objects.requireNonNull(isSet, "isSet");
    return this;
  }

  /** Whether a source that fails is opened again, for ever; default no. */
  public CameraPipelineBuilder retries(boolean newRetries) {
    retries = newRetries;
    return this;
  }

  /** Why footage is missing since what was recorded before; default {@link Gap#RESTART}. */
  public CameraPipelineBuilder missingBecause(String reason) {
    gapReason = Objects.requireNonNull(reason, "reason");
    return this;
  }

  /** What is watched, and how patiently; default {@link SuperviseConfig#stallsOnly}. */
  public CameraPipelineBuilder supervise(SuperviseConfig config) {
    supervision = Objects.requireNonNull(config, "supervise");
    return this;
  }

  /** For tests. */
  CameraPipelineBuilder seams(Seams newSeams) {
    seams = newSeams;
    return this;
  }

  /**
   * Refuses what is known not to work, as far as that can be known without opening source or spool:
   * another pipeline may have both, and go on.
   *
   * @throws CameraException if the source's address cannot be used, or asks for what its device
   *     does not offer
   */
  public void check() {
    AtomicReference<OverlayConfig> burnt = new AtomicReference<>(overlay);
    sources(burnt).get().check();
  }

  /**
   * Recovers the spool and starts. The source is opened on the pipeline's own thread: whether that
   * worked is told by the state, the listener, and {@link CameraPipeline#awaitStop()}.
   *
   * @throws CameraException if the source's address, or the spool, cannot be used
   */
  public CameraPipeline start() {
    Natives.load();
    AtomicReference<OverlayConfig> burnt = new AtomicReference<>(overlay);
    PipelineListener careful = new CarefulListener(listener);
    Counters counters = new Counters();
    Optional<AudioCapture> sound = Optional.ofNullable(audio).map(this::sound);
    PipelineSetup setup =
        new PipelineSetup(
            name,
            sources(burnt),
            new AtomicReference<>(encoder),
            burnt,
            Optional.ofNullable(recorder)
                .map(config -> Recording.open(config, name, careful::onProblem, counters)),
            sound,
            List.copyOf(sinks),
            annotator,
            careful,
            clock,
            new ClockWatch(clock, System::nanoTime, clockIsSet),
            retries,
            gapReason,
            PreRollRoom.of(
                Optional.ofNullable(recorder).flatMap(RecorderConfig::events),
                encoder,
                Runtime.getRuntime().maxMemory()),
            supervision,
            seams);
    CameraPipeline pipeline = new CameraPipeline(setup, counters);
    pipeline.begin();
    return pipeline;
  }

  private AudioCapture sound(AudioConfig config) {
    if (recorder == null) {
      throw new CameraException(
          Kind.INVALID, "sound is only recorded, and camera " + name + " records nothing");
    }
    Duration preRoll = recorder.events().map(EventMode::preRoll).orElse(Duration.ZERO);
    return audioSources == null
        ? AudioCapture.of(name, config, preRoll)
        : AudioCapture.of(name, config, audioSources, preRoll);
  }

  private Supplier<CameraSource> sources(AtomicReference<OverlayConfig> burnt) {
    return sources == null ? fromAddress(burnt::get) : sources;
  }

  /** The sources for the address, each run's a new one; the first is made to check the address. */
  private Supplier<CameraSource> fromAddress(Supplier<OverlayConfig> burnt) {
    if (source == null) {
      throw new CameraException(Kind.INVALID, "a pipeline needs a source");
    }
    if (!overlay.isEmpty() && encoder.choice() == EncoderConfig.Choice.COPY) {
      throw new CameraException(
          Kind.INVALID, "encoder \"copy\" records H.264 as it comes: nothing can be burnt into it");
    }
    String address = source;
    EncoderConfig.Choice choice = encoder.choice();
    Sources.create(address, delivery(choice, overlay));
    return () -> Sources.create(address, delivery(choice, burnt.get()));
  }

  private static Sources.Delivery delivery(EncoderConfig.Choice choice, OverlayConfig burnt) {
    return switch (choice) {
      case AUTO, COPY -> burnt.isEmpty() ? Sources.Delivery.AS_IT_COMES : Sources.Delivery.FRAMES;
      default -> Sources.Delivery.FRAMES;
    };
  }
}
