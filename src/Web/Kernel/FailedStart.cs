using System.Data.Common;
using System.Net.Sockets;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Web.Kernel;

/// <summary>Says in one sentence why the server did not start, wherever the machine and not the program is the reason.</summary>
internal static class FailedStart
{
    /// <summary>The part of Kestrel that understands addresses: whatever it throws is about them.</summary>
    private const string Addresses = "Kestrel.Core.Internal.AddressBinder";

    /// <summary>Null for what can only be a mistake in the program.</summary>
    /// <param name="addresses">Where it was to listen.</param>
    public static SettingsException? Of(Exception failed, string addresses)
    {
        var all = new List<Exception>();
        for (var e = failed; e is not null; e = e.InnerException) all.Add(e);
        if (all.OfType<SettingsException>().FirstOrDefault() is { } said) return said;
        switch (all.OfType<SocketException>().FirstOrDefault()?.SocketErrorCode)
        {
            case SocketError.AddressAlreadyInUse:
                return new($"{addresses} 已被占用。请停止占用它的程序，或用 --urls 换一个端口。", $"{addresses} is in use. Stop the program that uses it, or set another port with --urls.");
            case SocketError.AccessDenied:
                return new($"没有权限监听 {addresses}。1024 以下的端口请留给代理，用 --urls 换一个端口。", $"This account may not listen on {addresses}. Leave ports below 1024 to the proxy, and set another one with --urls.");
            case SocketError.AddressNotAvailable:
                return new($"本机没有 {addresses} 里的地址。请检查 --urls。", $"This machine does not have the address in {addresses}. Check --urls.");
        }

        if (all.Find(e => e is FormatException or InvalidOperationException or ArgumentException && e.StackTrace?.Contains(Addresses, StringComparison.Ordinal) is true) is { } bad)
            return new($"不能监听 {addresses}。请检查 --urls，例如 http://127.0.0.1:5080。", $"Cannot listen on {addresses} ({FirstSentence(bad)}). Check --urls, for example http://127.0.0.1:5080.");
        switch (WhyUnwritable.Of(failed))
        {
            case Unwritable.Full:
                return new("磁盘已满，数据库不能写入。请腾出空间。", "The disk is full, so the database cannot be written. Make room.");
            case Unwritable.ReadOnly:
                return new("数据库是只读的，不能写入。请检查文件、文件夹与挂载的权限。", "The database is read-only. Check the rights of its file and folder, and the mount.");
        }

        return all.Find(e => e is IOException or UnauthorizedAccessException or DbException or SocketException or InvalidDataException) is { } refused
            ? new($"不能启动：{FirstSentence(refused)}。", $"The server cannot start: {FirstSentence(refused)}.") : null;
    }

    private static string FirstSentence(Exception e) => e.Message.ReplaceLineEndings(" ").Split(". ")[0].TrimEnd('.');
}
