using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Web.Kernel;

/// <summary>Reads what a page uploads.</summary>
internal static class Uploads
{
    /// <summary>The text of a document. The caller has checked its size.</summary>
    public static async Task<string> TextAsync(this IFormFile file, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, ct);
        return DocumentText.Of(bytes.ToArray());
    }
}
