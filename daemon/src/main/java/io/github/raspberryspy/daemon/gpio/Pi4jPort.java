package io.github.raspberryspy.daemon.gpio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.pi4j.Pi4J;
import com.pi4j.boardinfo.util.BoardInfoHelper;
import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.PullResistance;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalInputProvider;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pins of the board that the program runs on, by Pi4J.
 *
 * <p>One context serves all pins: it is made for the first one and goes with the last, which gives
 * all lines back to the kernel; a pin that failed is so taken anew from the ground up. The provider
 * is {@code gpiod}: it asks the kernel's character device, on every board from the Pi 3 to the Pi 5
 * and without being root. Thread-safe.
 */
public final class Pi4jPort implements GpioPort {

  private static final Logger log = LoggerFactory.getLogger(Pi4jPort.class);

  private final Supplier<Context> contexts;

  @GuardedBy("this")
  private Context context;

  @GuardedBy("this")
  private int taken;

  Pi4jPort(Supplier<Context> contexts) {
    this.contexts = contexts;
  }

  /** The pins of this board; none is touched yet. */
  public static Pi4jPort ofThisBoard() {
    return new Pi4jPort(Pi4jPort::board);
  }

  @Override
  public synchronized GpioInput input(InputConfig config, GpioInput.Listener listener) {
    try {
      if (context == null) {
        context = contexts.get();
      }
      Input input = new Input(context, config, listener);
      taken++;
      return input;
    } catch (RuntimeException | LinkageError e) { // whatever Pi4J makes of it
      throw new GpioException("GPIO " + config.pin() + " cannot be read: " + reason(e), e);
    } finally {
      closeUnused();
    }
  }

  private static Context board() {
    if (!BoardInfoHelper.runningOnRaspberryPi()) {
      throw new IllegalStateException("this is no Raspberry Pi");
    }
    return Pi4J.newContextBuilder()
        .noAutoDetect()
        .disableShutdownHook()
        .add(GpioDDigitalInputProvider.newInstance())
        .build();
  }

  private synchronized void returned() {
    taken--;
    closeUnused();
  }

  @GuardedBy("this")
  private void closeUnused() {
    if (taken > 0 || context == null) {
      return;
    }
    Context old = context;
    context = null;
    try {
      old.shutdown();
    } catch (RuntimeException e) {
      log.debug("the board's pins did not close", e);
    }
  }

  /** What lies at the ground of it: Pi4J wraps what the kernel said. */
  private static String reason(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return message == null || message.isBlank() ? deepest.getClass().getSimpleName() : message;
  }

  /** A pin. */
  private final class Input implements GpioInput {
    private final Context board;
    private final InputConfig config;
    private final DigitalInput line;
    private final AtomicBoolean isOpen = new AtomicBoolean(true);

    Input(Context board, InputConfig config, Listener listener) {
      this.board = board;
      this.config = config;
      long debounceNanos = config.debounce().toNanos();
      this.line =
          board.create(
              DigitalInput.newConfigBuilder(board)
                  .id("gpio" + config.pin())
                  .address(config.pin())
                  .pull(pull(config.pull()))
                  .debounce(debounceNanos / 1000, TimeUnit.MICROSECONDS));
      try {
        line.addListener(
            event -> {
              if (isOpen.get()) {
                // It tells when the level has lasted; it came to be before.
                listener.changed(event.state().isHigh(), System.nanoTime() - debounceNanos);
              }
            });
      } catch (RuntimeException | LinkageError e) { // other pins may keep the context
        release();
        throw e;
      }
    }

    @Override
    public boolean isHigh() {
      try {
        DigitalState state = line.state();
        if (state == DigitalState.UNKNOWN) {
          throw new IllegalStateException("its level is unknown");
        }
        return state.isHigh();
      } catch (RuntimeException e) {
        throw new GpioException("GPIO " + config.pin() + " cannot be read: " + reason(e), e);
      }
    }

    @Override
    public void close() {
      if (isOpen.getAndSet(false)) {
        release();
        returned();
      }
    }

    private void release() {
      try {
        board.shutdown(line.id());
      } catch (RuntimeException e) {
        log.debug("GPIO {} did not close", config.pin(), e);
      }
    }

    private static PullResistance pull(InputConfig.Pull pull) {
      return switch (pull) {
        case DOWN -> PullResistance.PULL_DOWN;
        case UP -> PullResistance.PULL_UP;
        case OFF -> PullResistance.OFF;
      };
    }
  }
}
