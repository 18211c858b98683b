package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.CameraPipelineBuilder;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.snapshot.TimeLapse;
import io.github.raspberryspy.daemon.config.CameraConfig;
import io.github.raspberryspy.daemon.gpio.Pi4jPort;
import io.github.raspberryspy.daemon.gpio.PirConfig;
import io.github.raspberryspy.daemon.gpio.PirSensor;
import io.github.raspberryspy.motion.CoolDown;
import io.github.raspberryspy.motion.MotionAids;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionListener;
import io.github.raspberryspy.motion.PirFusion;
import io.github.raspberryspy.motion.PirSignal;
import io.github.raspberryspy.motion.TamperWatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A camera that films by one config: sensor, motion detector, pipeline and time-lapse, built in
 * this order and closed in reverse. Another config takes another one. Thread-safe.
 */
final class Filming implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Filming.class);

  private final String camera;
  private final Ears ears;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private Optional<Watching> watching = Optional.empty();
  private CameraPipeline pipeline;

  /**
   * Who hears of it.
   *
   * @param news of the pipeline, and faults of all of it
   * @param people of what moves, but for what a cool-down keeps from them
   * @param movement hears of what moves all the same, and passes it on
   * @param clockIsSet whether the wall clock can be believed
   * @param closed called once nothing is filmed by a config any more
   */
  record Ears(
      PipelineListener news,
      MotionListener people,
      UnaryOperator<MotionListener> movement,
      BooleanSupplier clockIsSet,
      Runnable closed) {}

  /** Those who look for motion; whoever notices tampering is there, too, while nobody asks. */
  private record Watching(
      MotionStage stage, CoolDown told, Optional<PirFusion> pir, TamperWatch tamper) {}

  private static MotionAids aids(CameraConfig by, Optional<PirFusion> pir, TamperWatch tamper) {
    return new MotionAids(pir, by.tamper() ? Optional.of(tamper) : Optional.empty(), by.schedule());
  }

  private Filming(String camera, Ears ears) {
    this.camera = camera;
    this.ears = ears;
  }

  /**
   * Begins to film.
   *
   * @param gapReason why footage is missing since what was recorded before
   */
  static Filming start(CameraConfig config, Ears ears, String gapReason) {
    Filming filming = new Filming(config.name(), ears);
    try {
      filming.build(config, gapReason);
      return filming;
    } catch (RuntimeException e) {
      filming.close();
      throw e;
    }
  }

  CameraPipeline pipeline() {
    return pipeline;
  }

  /**
   * Goes by this config from now on, without losing a frame, as far as nothing differs but what
   * {@link CameraPipeline#changeOverlay}, {@link CameraPipeline#changeRecorder}, {@link
   * CameraPipeline#changeEncoder} and a motion detector take while they work. False where one of
   * them does not: it has to be built anew.
   */
  boolean change(CameraConfig to) {
    if (to.motion().isPresent() != watching.isPresent()
        || !pipeline.changeRecorder(to.recorder())
        || !pipeline.changeOverlay(to.overlay())
        || !pipeline.changeEncoder(to.encoder())) {
      return false;
    }
    watching.ifPresent(
        w -> {
          w.told().change(to.cooldown());
          w.stage().retune(to.motion().orElseThrow(), aids(to, w.pir(), w.tamper()));
        });
    return true;
  }

  /** Stops filming, and seals. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("a part of camera {} did not close", camera, e);
      }
    }
    ears.closed().run();
  }

  /**
   * Refuses a config that is known not to work, while another one is filmed by.
   *
   * @throws RuntimeException in one sentence
   */
  static void check(CameraConfig config) {
    pipeline(config).check();
  }

  private static CameraPipelineBuilder pipeline(CameraConfig config) {
    return CameraPipeline.builder()
        .name(config.name())
        .source(config.source())
        .encoder(config.encoder())
        .overlay(config.overlay())
        .record(config.recorder());
  }

  private void build(CameraConfig config, String gapReason) {
    CameraPipelineBuilder builder =
        pipeline(config)
            .supervise(config.supervision())
            .clockIsSet(ears.clockIsSet())
            .missingBecause(gapReason)
            .retries(true);
    config.audio().ifPresent(builder::audio);
    watching = config.motion().map(motion -> watch(builder, config, motion));
    pipeline = keep(builder.listener(ears.news()).start());
    config
        .timeLapse()
        .ifPresent(
            lapse ->
                keep(
                    TimeLapse.start(
                        config.name(), lapse, pipeline::snapshot, ears.news()::onProblem)));
  }

  private Watching watch(CameraPipelineBuilder builder, CameraConfig config, MotionConfig motion) {
    Optional<PirFusion> pir = config.pir().map(this::listen);
    TamperWatch tamper = new TamperWatch(camera, ears.news()::onFault);
    CoolDown told = CoolDown.of(config.cooldown(), ears.people());
    MotionStage stage =
        MotionStage.attachTo(
            builder, camera, motion, aids(config, pir, tamper), ears.movement().apply(told));
    return new Watching(keep(stage).decode(config.motionDecode()), told, pir, tamper);
  }

  private PirFusion listen(PirConfig sensor) {
    PirSignal signal = new PirSignal();
    keep(PirSensor.start(camera, sensor, Pi4jPort.ofThisBoard(), signal, ears.news()::onFault));
    return sensor.with(signal);
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }
}
