using System.Text;

namespace DispatchCenter.Hub.Kernel;

/// <summary>Reads a document of the street as editors in China save it.</summary>
public static class DocumentText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>UTF-8, or UTF-16 with a byte order mark; what is neither is GB18030. The mark is left out.</summary>
    public static string Of(byte[] bytes)
    {
        try
        {
            return Read(bytes, Strict);
        }
        catch (DecoderFallbackException)
        {
            return Read(bytes, CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!);
        }
    }

    private static string Read(byte[] bytes, Encoding encoding)
    {
        using var reader = new StreamReader(new MemoryStream(bytes), encoding, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }
}
