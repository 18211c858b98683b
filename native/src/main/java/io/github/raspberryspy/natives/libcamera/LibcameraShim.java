package io.github.raspberryspy.natives.libcamera;

import java.util.List;

/**
 * The cameras that libcamera finds on this machine: those of a Raspberry Pi's ribbon connectors
 * above all.
 *
 * <p>The shared library behind it is looked for in the file that the system property {@code
 * raspberryspy.libcamera} names, else beside the jar, else where the system keeps libraries. It is
 * bound once for the process. Thread-safe.
 */
public final class LibcameraShim {

  /**
   * A camera that could be opened.
   *
   * @param id its own lasting name
   * @param model of the sensor; empty where it is not known
   */
  public record Entry(String id, String model) {}

  private static LibcameraShim loaded; // guarded by the class

  private LibcameraShim() {}

  /**
   * Finds and binds the shared library, at the first call.
   *
   * @throws LibcameraException in one sentence that says what to install, if it is not there or
   *     cannot be used; a later call looks again
   */
  public static synchronized LibcameraShim load() {
    if (loaded == null) {
      ShimLibrary.load(System.getProperty(ShimLibrary.PROPERTY), ShimLibrary.programFolder());
      loaded = new LibcameraShim();
    }
    return loaded;
  }

  /** The version of libcamera itself. */
  public String version() {
    return Texts.string(Functions.rspy_camera_version());
  }

  /** The cameras there are now, in libcamera's order. */
  public List<Entry> cameras() {
    return Texts.read(Functions::rspy_camera_list)
        .lines()
        .map(line -> line.split("\t", -1))
        .map(parts -> new Entry(parts[0], parts[1]))
        .toList();
  }

  /**
   * Opens a camera for this process alone.
   *
   * @param which its number in {@link #cameras} from 0, its id, or a part of its id or model that
   *     no other has
   * @return the camera, owned by the caller
   * @throws LibcameraException ENODEV if there is none such, EBUSY if somebody has it
   */
  public LibcameraDevice open(String which) {
    return ShimDevice.open(which);
  }
}
