import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.VeraPDFFoundry;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Is a PDF what its standard asks for? veraPDF's library is asked. The standard is the argument (ua1, 3a, ...).
 *
 * Reads one path a line and answers each with one line whose parts are separated by tabs: PASS and the number of
 * checks made, or FAIL and each problem once.
 */
public class PdfUa {
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // Whatever a library has to say must not be taken for an answer.
        System.setOut(System.err);
        LogManager.getLogManager().reset();

        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour standard = PDFAFlavour.fromString(arguments[0]);
        BufferedReader paths = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String path = paths.readLine(); path != null; path = paths.readLine()) {
            answers.println(answer(path, standard));
        }
    }

    private static String answer(String path, PDFAFlavour standard) {
        VeraPDFFoundry verapdf = Foundries.defaultInstance();
        try (InputStream pdf = new FileInputStream(path);
                PDFAParser parser = verapdf.createParser(pdf, standard);
                PDFAValidator validator = verapdf.createValidator(standard, false)) {
            ValidationResult result = validator.validate(parser);
            return result.isCompliant() ? "PASS\t" + result.getTotalAssertions() : "FAIL" + problems(result);
        } catch (Exception error) {
            return "FAIL\tnot a PDF that can be read: " + onOneLine(error.toString());
        }
    }

    private static String problems(ValidationResult result) {
        Set<String> problems = new LinkedHashSet<>();
        for (TestAssertion found : result.getTestAssertions()) {
            String rule = found.getRuleId().getClause() + "-" + found.getRuleId().getTestNumber();
            problems.add("\t" + rule + " " + onOneLine(found.getMessage()));
        }
        return String.join("", problems);
    }

    private static String onOneLine(String text) {
        return text.replaceAll("\\s+", " ").trim();
    }
}
