using QRCoder;

namespace DispatchCenter.Web.Kernel;

/// <summary>Addresses as codes to scan.</summary>
internal static class QrCode
{
    /// <summary>An SVG with the highest error correction, so it still scans with a corner torn off.</summary>
    public static string Draw(string address)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.H);
        using var svg = new SvgQRCode(data);
        return svg.GetGraphic(1, "#000", "#fff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
