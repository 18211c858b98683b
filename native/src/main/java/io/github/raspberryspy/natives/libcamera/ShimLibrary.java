package io.github.raspberryspy.natives.libcamera;

import com.sun.jna.NativeLibrary;
import io.github.raspberryspy.natives.libc.Errno;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/**
 * Finds the shim: where a property says, beside the program, or where the system keeps libraries.
 */
final class ShimLibrary {

  static final String PROPERTY = "raspberryspy.libcamera";
  static final String NAME = "raspberryspy_camera";
  static final int ABI = 2;

  private ShimLibrary() {}

  /**
   * Loads and binds it.
   *
   * @param named the file that a property names; null for none
   * @param folder of the program, if it is known
   * @throws LibcameraException with ENOENT if it is not there, ENOSYS if it cannot be used
   */
  static void load(String named, Optional<Path> folder) {
    String file = System.mapLibraryName(NAME);
    if (named != null) {
      Path path = Path.of(named);
      if (!Files.isRegularFile(path)) {
        throw absent("property " + PROPERTY + " names " + path + ", which is no file");
      }
      bind(path.toAbsolutePath().toString());
      return;
    }
    Optional<Path> beside = folder.map(f -> f.resolve(file)).filter(Files::isRegularFile);
    if (beside.isPresent()) {
      bind(beside.get().toString());
      return;
    }
    try {
      bind(NAME);
    } catch (UnsatisfiedLinkError e) {
      Optional<String> missing = missingLibcamera(e);
      if (missing.isPresent()) {
        throw unusable(file + " cannot be loaded: " + missing.get());
      }
      throw absent(
          file
              + " is neither "
              + folder.map(f -> "in " + f).orElse("beside the program")
              + " nor where the system keeps its libraries");
    }
  }

  /** The folder that holds the jar, or the folder of classes, that this is part of. */
  static Optional<Path> programFolder() {
    CodeSource source = ShimLibrary.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(new File(source.getLocation().toURI()).toPath().getParent());
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty(); // not from a file: there is no "beside"
    }
  }

  private static void bind(String nameOrPath) {
    NativeLibrary library;
    try {
      library = NativeLibrary.getInstance(nameOrPath);
    } catch (UnsatisfiedLinkError e) {
      if (nameOrPath.equals(NAME)) {
        throw e;
      }
      throw unusable(nameOrPath + " cannot be loaded: " + firstLine(e));
    }
    try {
      Functions.register(library);
    } catch (UnsatisfiedLinkError e) {
      throw unusable(nameOrPath + " is another library: " + firstLine(e));
    }
    int abi = Functions.rspy_camera_abi();
    if (abi != ABI) {
      throw unusable(
          nameOrPath + " is of version " + abi + ", not " + ABI + ": build it from this release");
    }
  }

  private static LibcameraException absent(String what) {
    return new LibcameraException(
        Errno.ENOENT.number(),
        "the bridge to libcamera is missing: "
            + what
            + "; build it (install libcamera-dev, cmake and g++, see docs/cameras.md), or use rpicam:");
  }

  private static LibcameraException unusable(String sentence) {
    return new LibcameraException(Errno.ENOSYS.number(), "the bridge to libcamera " + sentence);
  }

  /** It is there, and what it is linked to is not: another libcamera than it was built with. */
  private static Optional<String> missingLibcamera(UnsatisfiedLinkError e) {
    return String.valueOf(e.getMessage())
        .lines()
        .filter(line -> line.contains("libcamera"))
        .findFirst()
        .map(String::strip);
  }

  private static String firstLine(UnsatisfiedLinkError e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }
}
