package io.github.raspberryspy.daemon.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInput;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInputProvider;
import io.github.raspberryspy.daemon.gpio.InputConfig.Pull;
import io.github.raspberryspy.motion.FusionMode;
import io.github.raspberryspy.motion.PirSignal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sensor on a pin of Pi4J's mock of a board. */
@Timeout(60)
class PirSensorTest {

  private static final int PIN = 17;
  private static final Duration LOOK = Duration.ofMillis(20);

  private final PirSignal signal = new PirSignal();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final AtomicInteger made = new AtomicInteger();
  private volatile Context board;
  private volatile boolean hasBoard = true;
  private final Pi4jPort port = new Pi4jPort(this::mock);

  @Test
  void whatTheSensorTellsReachesTheSignal() {
    try (PirSensor sensor = start(false)) {
      await().until(() -> !signal.isLost());
      assertThat(signal.isWarm()).isFalse();

      pin().mockState(DigitalState.HIGH);
      assertThat(signal.isWarm()).as("at once, not at the next look").isTrue();
      pin().mockState(DigitalState.LOW);
      assertThat(signal.isWarm()).isFalse();
    }
    assertThat(signal.isLost()).as("nobody reads it any more").isTrue();
    assertThat(faults).isEmpty();
  }

  @Test
  void aSensorThatIsWarmAtTheStartIsWarmFromThenOn() {
    try (PirSensor sensor = start(true)) {
      await().until(() -> !signal.isLost());
      assertThat(signal.isWarm()).as("low is active").isTrue();

      pin().mockState(DigitalState.HIGH);
      assertThat(signal.isWarm()).isFalse();
    }
  }

  @Test
  void withoutABoardItIsToldOnceAndTriedAgainUntilThereIsOne() {
    hasBoard = false;
    try (PirSensor sensor = start(false)) {
      await().until(() -> made.get() >= 3);
      assertThat(signal.isLost()).isTrue();
      assertThat(faults)
          .containsExactly(
              "sensor-missing: GPIO 17 cannot be read: this is no Raspberry Pi; the picture counts"
                  + " alone");

      hasBoard = true;
      await().until(() -> !signal.isLost());
      await()
          .untilAsserted(
              () ->
                  assertThat(faults)
                      .endsWith("over: the sensor on GPIO 17 of camera yard is read again"));
      assertThat(faults).hasSize(2);
    }
  }

  @Test
  void aPinThatCannotBeReadAnyMoreIsToldAndTakenAnewFromTheGroundUp() {
    try (PirSensor sensor = start(false)) {
      await().until(() -> !signal.isLost());
      Context first = board;
      pin().mockState(DigitalState.UNKNOWN);

      await().until(() -> faults.size() == 2);
      assertThat(faults.get(0))
          .isEqualTo(
              "sensor-missing: GPIO 17 cannot be read: its level is unknown; the picture counts"
                  + " alone");
      assertThat(board).isNotSameAs(first);
      pin().mockState(DigitalState.HIGH);
      await().until(signal::isWarm);
    }
  }

  @Test
  void aChangeThatNobodyToldShowsAtTheNextLook() {
    AtomicInteger level = new AtomicInteger();
    GpioPort silent =
        (config, listener) ->
            new GpioInput() {
              @Override
              public boolean isHigh() {
                return level.get() == 1;
              }

              @Override
              public void close() {}
            };
    try (PirSensor sensor = PirSensor.start("yard", config(false), silent, signal, f -> {}, LOOK)) {
      await().until(() -> !signal.isLost());
      level.set(1);
      await().until(signal::isWarm);
    }
  }

  /** Another pin keeps the board open meanwhile. */
  @Test
  void aPinThatCouldNotBeListenedToIsGivenBack() {
    Pi4jPort deaf = new Pi4jPort(() -> onceDeaf(mock(), "gpio" + PIN));
    InputConfig pin = config(false).input();
    InputConfig other = new InputConfig(PIN + 1, pin.pull(), pin.debounce());
    try (GpioInput keeps = deaf.input(other, (isHigh, nanos) -> {})) {
      assertThatThrownBy(() -> deaf.input(pin, (isHigh, nanos) -> {}))
          .hasMessage("GPIO 17 cannot be read: it is deaf");
      try (GpioInput again = deaf.input(pin, (isHigh, nanos) -> {})) {
        assertThat(again.isHigh()).isFalse();
      }
      assertThat(keeps.isHigh()).isFalse();
    }
  }

  /** A board on which the first listener to a pin cannot be added. */
  private static Context onceDeaf(Context real, String id) {
    AtomicBoolean isDeaf = new AtomicBoolean(true);
    return pretend(
        Context.class,
        real,
        (method, result) ->
            method.equals("create") && ((DigitalInput) result).id().equals(id)
                ? pretend(
                    DigitalInput.class,
                    result,
                    (call, ignored) -> {
                      if (call.equals("addListener") && isDeaf.getAndSet(false)) {
                        throw new IllegalStateException("it is deaf");
                      }
                      return ignored;
                    })
                : result);
  }

  /** The real thing, but that what it returned may be changed. */
  private static <T> T pretend(
      Class<T> type, Object real, BiFunction<String, Object, Object> change) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              try {
                return change.apply(method.getName(), method.invoke(real, args));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Test
  void aPinThatSomebodyHasIsOneSentence() {
    try (GpioInput first = port.input(config(false).input(), (isHigh, nanos) -> {})) {
      assertThatThrownBy(() -> port.input(config(false).input(), (isHigh, nanos) -> {}))
          .isInstanceOf(GpioException.class)
          .hasMessageStartingWith("GPIO 17 cannot be read: ");
      assertThat(first.isHigh()).as("the one that has it keeps it").isFalse();
    }
  }

  @Test
  void theContextGoesWithTheLastPin() {
    GpioInput one = port.input(new InputConfig(4, Pull.UP, Duration.ZERO), (isHigh, nanos) -> {});
    GpioInput other =
        port.input(new InputConfig(5, Pull.OFF, Duration.ZERO), (isHigh, nanos) -> {});
    assertThat(made).hasValue(1);
    one.close();
    one.close();
    assertThat(other.isHigh()).isFalse();
    other.close();
    port.input(config(false).input(), (isHigh, nanos) -> {}).close();
    assertThat(made).hasValue(2);
  }

  private PirSensor start(boolean isActiveLow) {
    return PirSensor.start(
        "yard",
        config(isActiveLow),
        port,
        signal,
        fault ->
            faults.add((fault.ended() ? "over" : fault.kind().text()) + ": " + fault.sentence()),
        LOOK);
  }

  private static PirConfig config(boolean isActiveLow) {
    InputConfig input = new InputConfig(PIN, Pull.DOWN, Duration.ofMillis(5));
    return new PirConfig(
        input, isActiveLow, FusionMode.OR, Duration.ofSeconds(5), Duration.ofSeconds(2));
  }

  private MockDigitalInput pin() {
    return (MockDigitalInput) board.registry().get("gpio" + PIN);
  }

  private Context mock() {
    made.incrementAndGet();
    if (!hasBoard) {
      throw new IllegalStateException("this is no Raspberry Pi");
    }
    board =
        Pi4J.newContextBuilder().noAutoDetect().add(MockDigitalInputProvider.newInstance()).build();
    return board;
  }
}
