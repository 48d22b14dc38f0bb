using DispatchCenter.Contracts;
using Intake = DispatchCenter.Hub.Features.Whistles.Intake;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>What was not right about a whistle, most of it left out, passed to the page that reports it.</summary>
public static class LeftOut
{
    /// <summary>The phone number was saved, but looks incomplete or does not exist.</summary>
    internal const string Unusual = "phoneUnusual";

    /// <summary>The personal link by which it came counts no longer: it rings like any resident's.</summary>
    internal const string Link = "link";

    /// <summary>In the order in which they are reported.</summary>
    private static readonly string[] Kinds = [Link, Intake.Photo, Intake.Location, Intake.Phone, Unusual];

    /// <param name="photo">Whether a photo was refused before the whistle was blown.</param>
    public static IReadOnlyList<string> Of(WhistleReceipt receipt, bool photo) =>
        [.. Kinds.Where(kind => (photo && kind == Intake.Photo) || (kind == Unusual && receipt.PhoneUnusual is true) || receipt.LeftOut?.Contains(kind) is true)];

    /// <summary>The address of the case's own page, with what it should report.</summary>
    /// <param name="link">Whether it came by a personal link that has ended.</param>
    public static string Address(WhistleReceipt receipt, bool photo, bool link = false)
    {
        IReadOnlyList<string> left = [.. link ? [Link] : Array.Empty<string>(), .. Of(receipt, photo)];
        return $"/t/{Uri.EscapeDataString(receipt.TrackingCode)}" + (left.Count > 0 ? $"?left={string.Join('.', left)}" : "");
    }

    public static IReadOnlyList<string> Read(string? query) => [.. Kinds.Where(kind => query?.Split('.').Contains(kind) is true)];
}
