namespace DispatchCenter.Browser;

/// <summary>Photos as a phone would take them, drawn by the browser itself.</summary>
internal static class Pictures
{
    private const string Draw = """
        async ([width, height]) => {
            const canvas = new OffscreenCanvas(width, height);
            const brush = canvas.getContext('2d');
            const sky = brush.createLinearGradient(0, 0, width, height);
            sky.addColorStop(0, '#7a8f99');
            sky.addColorStop(1, '#31424a');
            brush.fillStyle = sky;
            brush.fillRect(0, 0, width, height);
            brush.fillStyle = '#b9a27a';
            brush.fillRect(width * 0.2, height * 0.6, width * 0.5, height * 0.3);
            const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })).arrayBuffer());
            let text = '';
            for (const byte of bytes) text += String.fromCharCode(byte);
            return btoa(text);
        }
        """;

    /// <summary>Nothing in it repeats, so that it weighs what a phone's photo weighs.</summary>
    private const string Noise = """
        async ([width, height]) => {
            const canvas = new OffscreenCanvas(width, height);
            const brush = canvas.getContext('2d');
            const picture = brush.createImageData(width, height);
            let seed = 1;
            for (let i = 0; i < picture.data.length; i++) picture.data[i] = i % 4 === 3 ? 255 : (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 24;
            brush.putImageData(picture, 0, 0);
            const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })).arrayBuffer());
            let text = '';
            for (const byte of bytes) text += String.fromCharCode(byte);
            return btoa(text);
        }
        """;

    /// <summary>A photo of at least four megabytes.</summary>
    public static async Task<byte[]> HeavyAsync(IBrowser chromium)
    {
        var page = await chromium.NewPageAsync();
        var drawn = Convert.FromBase64String(await page.EvaluateAsync<string>(Noise, new[] { 4000, 3000 }));
        await page.CloseAsync();
        Assert.InRange(drawn.Length, 4_000_000, int.MaxValue);
        return drawn;
    }

    /// <summary>A JPEG that records, as cameras do, where it was taken.</summary>
    public static async Task<byte[]> JpegAsync(IBrowser chromium, int width, int height)
    {
        var page = await chromium.NewPageAsync();
        var drawn = Convert.FromBase64String(await page.EvaluateAsync<string>(Draw, new[] { width, height }));
        await page.CloseAsync();
        byte[] secret = [0xFF, 0xE1, 0, 28, .. "Exif\0\0GPS 35.06 122.37____"u8];
        return [.. drawn[..2], .. secret, .. drawn[2..]];
    }
}
