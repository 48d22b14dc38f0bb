namespace DispatchCenter.Hub.Kernel;

/// <summary>A person's name and number with the middle hidden.</summary>
internal static class Masked
{
    public static string? Name(string? name) => string.IsNullOrEmpty(name) ? null : $"{name.EnumerateRunes().First()}**";

    public static string? Phone(string? phone)
    {
        if (string.IsNullOrEmpty(phone)) return null;
        return phone.Length < 8 ? new string('*', phone.Length) : $"{phone[..3]}{new string('*', phone.Length - 5)}{phone[^2..]}";
    }
}
