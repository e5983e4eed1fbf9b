import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Path;
import java.nio.file.Paths;
import javax.imageio.ImageIO;
import org.ofdrw.converter.ImageMaker;
import org.ofdrw.reader.OFDReader;
import org.ofdrw.sign.verify.OFDValidator;
import org.ofdrw.sign.verify.container.GBT35275ValidateContainer;
import org.ofdrw.sign.verify.container.SESV4ValidateContainer;
import org.ofdrw.sign.verify.SignedDataValidateContainer;

/** Judge KIND FILE PICTURE ...: says for each file whether ofdrw finds its signatures valid, and draws its first page, 6 dots a millimetre. */
public class Judge {
  public static void main (String[] args) throws Exception {
    for (int i = 0; i + 2 < args.length; i += 3) {
      System.out.println(verdict(args[i], Paths.get(args[i + 1])));
      draw(Paths.get(args[i + 1]), new File(args[i + 2]));
    }
  }

  private static String verdict (String kind, Path file) {
    SignedDataValidateContainer container = kind.equals("seal") ? new SESV4ValidateContainer() : new GBT35275ValidateContainer();
    try (OFDReader reader = new OFDReader(file); OFDValidator validator = new OFDValidator(reader)) {
      validator.setValidator(container);
      validator.exeValidate();
      return "valid";
    } catch (Exception e) {
      return "invalid " + e.getClass().getSimpleName();
    }
  }

  private static void draw (Path file, File picture) throws Exception {
    try (OFDReader reader = new OFDReader(file)) {
      ImageMaker maker = new ImageMaker(reader, 6.0);
      BufferedImage page = maker.makePage(0);
      ImageIO.write(page, "PNG", picture);
    }
  }
}
