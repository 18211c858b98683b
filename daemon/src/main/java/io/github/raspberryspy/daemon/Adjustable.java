package io.github.raspberryspy.daemon;

import io.github.raspberryspy.daemon.config.CameraConfig;
import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.daemon.config.ConfigKey;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.segments.wire.LinkMessage.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** A camera's own configuration, and what becomes of it by its master's settings. Immutable. */
interface Adjustable {

  /**
   * The camera with these settings of its master.
   *
   * @throws RuntimeException in one sentence, if there is no such camera
   */
  CameraConfig with(Map<String, String> values);

  /**
   * Refuses settings that would not be gone by, since the camera has stronger ones.
   *
   * @throws RuntimeException in one sentence
   */
  void requireWeak(Map<String, String> values);

  /** All that may be set, as it is with these settings. */
  List<Setting> describe(Map<String, String> values);

  /** The keys whose texts differ between these settings of the master. */
  default Set<String> changed(Map<String, String> before, Map<String, String> after) {
    Set<String> changed = new TreeSet<>();
    List<Setting> then = describe(before);
    List<Setting> now = describe(after);
    for (int i = 0; i < now.size(); i++) {
      if (!now.get(i).value().equals(then.get(i).value())) {
        changed.add(now.get(i).key());
      }
    }
    return changed;
  }

  /** One by its file, environment and options. */
  static Adjustable of(Settings own) {
    return of(own, UnaryOperator.identity());
  }

  /**
   * One by its file, environment and options.
   *
   * @param finish what else is made of a config
   */
  static Adjustable of(Settings own, UnaryOperator<CameraConfig> finish) {
    return new Adjustable() {
      @Override
      public CameraConfig with(Map<String, String> values) {
        return finish.apply(CameraKeys.camera(own.withRemote(CameraKeys.REMOTE, values)));
      }

      @Override
      public void requireWeak(Map<String, String> values) {
        own.requireWeak(values.keySet());
      }

      @Override
      public List<Setting> describe(Map<String, String> values) {
        Settings settings = own.withRemote(CameraKeys.REMOTE, values);
        List<Setting> all = new ArrayList<>();
        for (ConfigKey<?> key : CameraKeys.REMOTE) {
          all.add(
              new Setting(
                  key.name(),
                  key.meaning(),
                  key.allowed(),
                  key.kind(),
                  settings.text(key),
                  own.text(key),
                  CameraKeys.areGapless(Set.of(key.name()))));
        }
        return all;
      }
    };
  }

  /** One that goes by this config, whatever its master would set. */
  static Adjustable fixed(CameraConfig config) {
    return new Adjustable() {
      @Override
      public CameraConfig with(Map<String, String> values) {
        if (!values.isEmpty()) {
          throw new IllegalArgumentException(
              "the settings of this camera are not its master's to set");
        }
        return config;
      }

      @Override
      public void requireWeak(Map<String, String> values) {
        // with() refuses all
      }

      @Override
      public List<Setting> describe(Map<String, String> values) {
        return List.of();
      }
    };
  }
}
